/** A part of a console page in happy-dom, inside what the shell gives every page. */
import { render, type JSX } from "preact";
import { act } from "preact/test-utils";
import { ConsoleContext, type Console } from "../console/kit/console.ts";
import { ConfirmProvider } from "../console/kit/dialog.tsx";
import { Router, RouterContext } from "../console/kit/router.ts";
import { ToastProvider } from "../console/kit/toast.tsx";

/** Somebody who may do everything; what they ask for is answered by `call`. */
export const consoleWith = (call: Console["call"] = unanswered): Console =>
  ({ call, me: {}, may: () => true, opens: () => true }) as unknown as Console;

const unanswered: Console["call"] = (method, path) =>
  Promise.reject(new Error(`${method} ${path} was not expected`));

/** At the address that the window has. */
export async function drawInConsole(
  part: JSX.Element,
  mall: Console = consoleWith(),
  router: Router = new Router(),
): Promise<HTMLElement> {
  const place = document.body.appendChild(document.createElement("div"));
  await act(() =>
    render(
      <RouterContext.Provider value={router}>
        <ConsoleContext.Provider value={mall}>
          <ToastProvider>
            <ConfirmProvider>{part}</ConfirmProvider>
          </ToastProvider>
        </ConsoleContext.Provider>
      </RouterContext.Provider>,
      place,
    ),
  );
  return place;
}

/** It leaves the page with all that it drew. */
export function remove(place: HTMLElement): void {
  void act(() => render(null, place));
  place.remove();
}
