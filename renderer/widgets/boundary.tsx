import { Component, type ReactNode } from 'react';
import { Button, Failure } from './controls.tsx';

interface BoundaryProps {
  /** What failed, for the sentence: `The page map`. */
  readonly name: string;
  /** A new value tries again: another view, another instant. */
  readonly retryOn?: unknown;
  readonly children: ReactNode;
}

/** An error while drawing stays in its panel: the rest of the window, and what is recorded, stay usable. */
export class Boundary extends Component<BoundaryProps, { error: string | null; at: unknown }> {
  override state = { error: null, at: this.props.retryOn };

  static getDerivedStateFromError(error: unknown): { error: string } {
    return { error: error instanceof Error ? error.message : String(error) };
  }

  static getDerivedStateFromProps(
    props: BoundaryProps,
    state: { error: string | null; at: unknown },
  ): { error: string | null; at: unknown } | null {
    return state.at === props.retryOn ? null : { error: null, at: props.retryOn };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="empty">
        <Failure text={`${this.props.name} cannot be drawn: ${error}`} />
        <Button onClick={() => this.setState({ error: null })}>Try again</Button>
      </div>
    );
  }
}
