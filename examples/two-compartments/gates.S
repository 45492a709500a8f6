// Call gates: long gate(fn, a, b) runs fn(a, b) in another compartment. A gate first switches rights, then stacks: the
// slot is read and written with the target's rights. That is what makes its page one that no compartment may own.
// Argument registers are all that crosses; a gate that does not trust its target would clear the others as well.

#define PKRU_0 0
#define PKRU_1 0xfffffff0
#define PKRU_2 0xffffffcc
#define SLOT(k) %fs:ia2_stackptr_0@tpoff + 8 * (k)

.macro set_rights value
        xor     %ecx, %ecx
        xor     %edx, %edx
        mov     $\value, %eax
        wrpkru
.endm

.macro gate from, to, from_rights, to_rights
        .globl  ia2_gate_\from\()_to_\to
        .type   ia2_gate_\from\()_to_\to, @function
        .p2align 4
ia2_gate_\from\()_to_\to:
        .cfi_startproc
        endbr64
        push    %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        push    %rbx
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        sub     $8, %rsp
        mov     %rdi, %r12
        mov     %rsi, %r13
        mov     %rdx, %r14

        set_rights \to_rights
        mov     %rsp, SLOT(\from)
        mov     SLOT(\to), %rsp
        mov     %r13, %rdi
        mov     %r14, %rsi
        call    *%r12
        mov     %rax, %r12

        set_rights \from_rights
        mov     %rsp, SLOT(\to)
        mov     SLOT(\from), %rsp
        mov     %r12, %rax
        add     $8, %rsp
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbx
        pop     %rbp
        ret
        .cfi_endproc
        .size   ia2_gate_\from\()_to_\to, . - ia2_gate_\from\()_to_\to
.endm

        .text
gate 0, 1, PKRU_0, PKRU_1
gate 1, 2, PKRU_1, PKRU_2
gate 2, 1, PKRU_2, PKRU_1

        .section .note.GNU-stack, "", @progbits
