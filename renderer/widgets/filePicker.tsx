import { type ReactNode, useRef } from 'react';
import { Button } from './controls.tsx';

interface FilePickerProps {
  /** What the button says. */
  readonly children: ReactNode;
  /** Accessible name of the button, where what it shows is an icon. */
  readonly name?: string;
  /** What is picked: `Snapshot file`. */
  readonly label: string;
  /** Endings of the files that are offered: `.json`. */
  readonly accept: string;
  readonly disabled?: boolean;
  readonly onPick: (file: File) => void;
}

/** A button that lets a person pick one file of this machine; the same file can be picked again. */
export function FilePicker({ children, name, label, accept, disabled, onPick }: FilePickerProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button aria-label={name} title={name} disabled={disabled} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onPick(file);
        }}
      />
    </>
  );
}
