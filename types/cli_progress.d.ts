// Types of what is used of cli-progress, which brings none.

declare module "cli-progress" {
  export interface Options {
    stream: { readonly isTTY: true; write(text: string): boolean };
    format: string;
    barsize: number;
    clearOnComplete: boolean;
    hideCursor: boolean;
  }
  export class SingleBar {
    constructor(options: Options, preset: object);
    start(total: number, value: number, values: object): void;
    update(value: number, values: object): void;
    stop(): void;
  }
  const progress: {
    SingleBar: typeof SingleBar;
    Presets: { rect: object };
  };
  export default progress;
}
