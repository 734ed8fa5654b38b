import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../kit/index.ts";
import { WORDS } from "./words.ts";

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: readonly string[] }) => Detector;

const EVERY_MS = 200;

const detectorOf = (): DetectorClass | undefined =>
  (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

export const canScan = (): boolean =>
  detectorOf() !== undefined && typeof navigator.mediaDevices?.getUserMedia === "function";

/** The camera until it sees a code of ours. Its light goes out with the component. */
export function Scanner({ onCode }: { onCode: (code: string) => void }): JSX.Element {
  const words = useWords(WORDS);
  const video = useRef<HTMLVideoElement>(null);
  const [hasFailed, setFailed] = useState(false);
  const seenRef = useRef(onCode);
  useEffect(() => {
    seenRef.current = onCode;
  }, [onCode]);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setInterval> | undefined;
    let isOver = false;
    const Detector = detectorOf();
    const start = async (): Promise<void> => {
      const constraints = { video: { facingMode: "environment" } };
      stream = await navigator.mediaDevices.getUserMedia(constraints);
      if (isOver || !video.current || !Detector) return stop();
      video.current.srcObject = stream;
      await video.current.play();
      const detector = new Detector({ formats: ["qr_code"] });
      timer = setInterval(() => void look(detector), EVERY_MS);
    };
    const look = async (detector: Detector): Promise<void> => {
      if (!video.current || isOver) return;
      const found = await detector.detect(video.current).catch(() => []);
      const ours = found.find(({ rawValue }) => rawValue.startsWith("QD1."));
      if (ours && !isOver) seenRef.current(ours.rawValue);
    };
    const stop = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    start().catch(() => setFailed(true));
    return () => {
      isOver = true;
      clearInterval(timer);
      stop();
    };
  }, []);
  if (hasFailed) return <p role="alert">{words.noCamera}</p>;
  return (
    <div class="wo-cam">
      <video ref={video} muted playsInline />
      <p>{words.aim}</p>
    </div>
  );
}
