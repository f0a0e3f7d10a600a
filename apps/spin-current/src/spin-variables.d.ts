/** Provided by the host; wit/world.wit. */
declare module 'fermyon:spin/variables@2.0.0' {
  export function get(name: string): string;
}
