import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./outgoing.ts";

describe("an address that requests are sent to", () => {
  it.each([
    "https://sms.example.com/send",
    "https://relay.example.cn:8443/ticket?a=b",
    "https://短信.example.com/",
  ])("may be %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...["http://sms.example.com/", "ftp://sms.example.com/", "//sms.example.com/", "sms", ""],
    ...["https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://127.1/"],
    ...["https://０x7f.１/", "https://169.254.169.254/latest/meta-data", "https://10.0.0.8:8787/"],
    ...["https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fd00::1]/"],
    ...["https://localhost/", "https://LOCALHOST./", "https://db.internal/", "https://nas.local/"],
    ...["https://metadata.google.internal./", "https://gateway/", "https://a.localhost:8443/"],
    ...["https://sms.example.com@127.0.0.1/", "https://user:secret@sms.example.com/"],
    `https://sms.example.com/${"a".repeat(200)}`,
  ])("may not be %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
