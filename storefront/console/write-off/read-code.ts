/** Reads QR codes from a camera's picture: by the browser where it can, else by a library that is fetched only then. */

/** Answers the text of a code in the picture as it is now, or null. */
export type ReadCode = (video: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** What our vouchers begin with; any other code in the picture is somebody else's. */
const OURS = "QD1.";
/** Enough for a code that fills a third of the picture; more pixels only cost time. */
const PIXELS_WIDE_MAX = 960;

export const hasCamera = (): boolean => typeof navigator.mediaDevices?.getUserMedia === "function";

/** iOS and the browser inside WeChat have no detector, and some Android phones have one that reads nothing. */
export async function codeReader(): Promise<ReadCode> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  const formats = (await BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (!BarcodeDetector || !formats.includes("qr_code")) return libraryReader();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => {
    const found = await detector.detect(video).catch(() => []);
    return found.find(({ rawValue }) => rawValue.startsWith(OURS))?.rawValue ?? null;
  };
}

async function libraryReader(): Promise<ReadCode> {
  const { default: decodeQR } = await import("qr/decode.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const { videoWidth, videoHeight } = video;
    if (!context || videoWidth === 0) return Promise.resolve(null);
    const scale = Math.min(1, PIXELS_WIDE_MAX / videoWidth);
    canvas.width = Math.round(videoWidth * scale);
    canvas.height = Math.round(videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return Promise.resolve(decoded(() => decodeQR({ data, width, height })));
  };
}

/** A picture without a readable code is what the library throws for. */
function decoded(read: () => string): string | null {
  try {
    const text = read();
    return text.startsWith(OURS) ? text : null;
  } catch {
    return null;
  }
}
