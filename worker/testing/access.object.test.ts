import { describe, expect, it } from "vitest";
import { createApi } from "../app.ts";

const api = createApi();
const document = api.app.getOpenAPI31Document({
  openapi: "3.1.0",
  info: { title: "", version: "" },
});

describe("default deny", () => {
  it("gives every handler of the API a declared access", () => {
    const declared = new Set(
      api.routes.map(
        ({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`,
      ),
    );
    // The one way from the app to the routes of staff, which are looked up apart.
    const mount = "ALL /api/v1/staff/*";
    expect(api.handlers.filter((handler) => handler === mount)).toHaveLength(1);
    const handlers = api.handlers.filter(
      (handler) => handler !== mount && / (?:\/api|\/healthz$)/.test(handler),
    );
    expect(handlers.filter((handler) => !declared.has(handler))).toEqual([]);
    expect(handlers.length).toBe(api.routes.length);
    for (const { access } of api.routes) expect(["public", "member", "staff"]).toContain(access);
  });

  it("keeps staff routes for staff, and says so in the document", () => {
    for (const { path, method, access } of api.routes) {
      const isStaffPath = path.startsWith("/api/v1/staff/") || path === "/api/v1/audit";
      expect(access === "staff", path).toBe(isStaffPath);
      const operation = document.paths?.[path]?.[method];
      expect(operation, path).toMatchObject({ "x-access": access });
      // An empty way in is one without a token.
      const isOpen = operation?.security?.some((way) => Object.keys(way).length === 0);
      expect(isOpen, path).toBe(access === "public");
    }
  });
});
