/** Whether this page stands in a frame of another page: its cookies are then the frame's own. */
export function isFramed(): boolean {
  return typeof window !== "undefined" && window.parent !== window;
}
