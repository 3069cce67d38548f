/**
 * An error boundary: what fails inside it is replaced by a message, and the rest of the page works.
 *
 * @module
 */

import { Component, type ComponentChildren } from "preact";
import { Icon } from "../ui/icon.tsx";
import { Text } from "../ui/text.tsx";

/** Properties of a boundary. */
export interface ErrorBoundaryProps {
  /** What is inside, for the message: `view`, `details`. */
  readonly name: string;
  readonly children: ComponentChildren;
}

interface Failure {
  readonly message: string | null;
}

/** Renders its children, or why they cannot be rendered. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, Failure> {
  override state: Failure = { message: null };

  static override getDerivedStateFromError(error: unknown): Failure {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <section class="broken" role="alert">
        <h2>
          <Icon name="bad" />
          The {this.props.name} cannot be shown
        </h2>
        <p class="error-text">
          <Text value={message} max={600} />
        </p>
        <p class="faint">
          The other parts of the page are not affected. The report file may be
          damaged: write it again with rollout-trace report.
        </p>
        <button
          type="button"
          class="tool-button"
          onClick={() => this.setState({ message: null })}
        >
          try again
        </button>
      </section>
    );
  }
}
