# The stub's code, copied into the tracee; it is position-independent but for its data page, one page on.
# In: rbx = table, r12 = 0 (counts the calls that failed), rsp = the saved flags. Ends in int3 or,
# fused, returns to the program: flags first, then the stack and the jump, which change no flag.
# (Not iretq: QEMU reads its frame as the kernel would and dies of SMAP.)
    .set HEADER, keyhole_stub_begin + 4096
    .section .rodata
    .globl keyhole_stub_begin, keyhole_stub_end, keyhole_stub_trap
    .hidden keyhole_stub_begin, keyhole_stub_end, keyhole_stub_trap
    .balign 16
keyhole_stub_begin:
1:  movq (%rbx), %rax
    cmpq $-1, %rax
    je 2f
    movq 8(%rbx), %rdi
    movq 16(%rbx), %rsi
    movq 24(%rbx), %rdx
    movq 32(%rbx), %r10
    movq 40(%rbx), %r8
    movq 48(%rbx), %r9
    syscall
    movq %rax, 56(%rbx)
    cmpq $-4095, %rax
    jb 3f
    incq %r12
3:  addq $64, %rbx
    jmp 1b
2:  movq $1, HEADER+120(%rip)
    testq %r12, %r12
    jne keyhole_stub_trap
    cmpq $0, HEADER+0(%rip)
    jne keyhole_stub_trap
    movq HEADER+8(%rip), %rax
    movq HEADER+16(%rip), %rdi
    movq HEADER+24(%rip), %rsi
    movq HEADER+32(%rip), %rdx
    movq HEADER+40(%rip), %r10
    movq HEADER+48(%rip), %r8
    movq HEADER+56(%rip), %r9
    movq HEADER+64(%rip), %rcx
    movq HEADER+72(%rip), %r11
    movq HEADER+80(%rip), %rbx
    movq HEADER+88(%rip), %r12
    popfq
    movq HEADER+112(%rip), %rsp
    jmpq *HEADER+104(%rip)
keyhole_stub_trap:
    int3
keyhole_stub_end:
    .section .note.GNU-stack,"",@progbits
