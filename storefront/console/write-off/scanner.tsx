import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../kit/index.ts";
import { codeReader, type ReadCode } from "./read-code.ts";
import { WORDS } from "./words.ts";

const EVERY_MS = 200;

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
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const start = async (): Promise<void> => {
      const constraints = { video: { facingMode: "environment" } };
      stream = await navigator.mediaDevices.getUserMedia(constraints);
      if (isOver || !video.current) return stop();
      video.current.srcObject = stream;
      await video.current.play();
      await look(await codeReader());
    };
    // One look after the other: a slow phone looks less often and never at two pictures at once.
    const look = async (read: ReadCode): Promise<void> => {
      if (isOver || !video.current) return;
      const code = await read(video.current);
      if (isOver) return;
      if (code !== null) return seenRef.current(code);
      timer = setTimeout(() => void look(read), EVERY_MS);
    };
    const stop = (): void => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    start().catch(() => setFailed(true));
    return () => {
      isOver = true;
      clearTimeout(timer);
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
