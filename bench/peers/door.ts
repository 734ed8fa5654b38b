/** The product's door as a peer has it: a ticket is verified at the upgrade, a grab takes, the verdict comes back. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { parseKeyRing, type KeyRing } from "../../worker/kernel/key-ring.ts";
import { LIMITS } from "../../worker/kernel/limits.ts";
import { verifyTicket, type TicketClaims } from "../../worker/redemption/tickets.ts";
import type { DoorServerFrame } from "../../worker/redemption/wire.ts";
import { answerOf } from "./answers.ts";
import type { Desk } from "./desk.ts";

export interface DoorOptions {
  readonly desk: Desk;
  readonly ticketKeys: string;
  readonly clock: () => number;
  readonly onFault: (error: unknown) => void;
}

const PATH = /^\/api\/v1\/sales\/([^/]+)\/door$/;
const GRAB = '{"t":"grab"}';
const POLICY_VIOLATION = 1008;
const INTERNAL_ERROR = 1011;

export function openDoor(server: Server, options: DoorOptions): void {
  const keys = parseKeyRing(options.ticketKeys);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LIMITS.doorFrameBytesMax,
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const claims = claimsOf(request, keys, options.clock());
    if (!claims) {
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => attend(opened, claims, options));
  });
}

function claimsOf(request: IncomingMessage, keys: KeyRing, nowMs: number): TicketClaims | null {
  const url = new URL(request.url ?? "/", "http://door");
  const saleId = PATH.exec(url.pathname)?.[1];
  const ticket = url.searchParams.get("ticket") ?? "";
  const claims = verifyTicket(keys, ticket, nowMs);
  if (typeof claims === "string" || claims.saleId !== saleId) return null;
  return claims;
}

function attend(socket: WebSocket, claims: TicketClaims, options: DoorOptions): void {
  const { desk, clock, onFault } = options;
  const { memberKey, saleId, orderId, quantity, epoch } = claims;
  const grab = async (): Promise<void> => {
    const word = await desk.take({ memberKey, saleId, orderId, quantity, epoch, nowMs: clock() });
    send(socket, verdictOf(orderId, answerOf(word)));
  };
  socket.on("message", (data: RawData) => {
    if (data.toString() !== GRAB) return socket.close(POLICY_VIOLATION);
    grab().catch((error: unknown) => {
      onFault(error);
      socket.close(INTERNAL_ERROR);
    });
  });
  socket.on("error", () => socket.terminate());
  send(socket, { t: "clock", serverTimeMs: clock() });
}

function verdictOf(orderId: string, answer: ReturnType<typeof answerOf>): DoorServerFrame {
  if (answer.kind === "granted") {
    const { remaining, ordinal } = answer;
    return { t: "verdict", orderId, outcome: "granted", remaining, ordinal };
  }
  if (answer.code === "not_open") {
    const opensInMs = (answer.figures as { opensInMs: number }).opensInMs;
    return { t: "verdict", orderId, outcome: "again", code: answer.code, opensInMs };
  }
  return { t: "verdict", orderId, outcome: "refused", code: answer.code };
}

function send(socket: WebSocket, frame: DoorServerFrame): void {
  socket.send(JSON.stringify(frame));
}
