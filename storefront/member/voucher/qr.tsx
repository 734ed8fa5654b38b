import type { JSX } from "preact";
import { renderSVG } from "uqr";

/** Dark on light in every theme: a scanner reads contrast, not taste. */
export function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  const svg = renderSVG(text, { ecc: "M", border: 2, pixelSize: 4 });
  // Modules of a code that this server made: nothing in it is text from outside.
  return (
    <div class="vc-qr" role="img" aria-label={label} dangerouslySetInnerHTML={{ __html: svg }} />
  );
}
