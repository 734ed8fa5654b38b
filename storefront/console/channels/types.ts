/** Channels as the server shows them: a secret is `true` where there is one, and a text only while it is typed. */
type Secret = string | true | null;

export interface TicketKey {
  readonly keyId: string;
  readonly algorithm: "HS256" | "EdDSA";
  readonly publicKey: string | null;
  readonly secret: Secret;
}

export interface Channels {
  readonly wechat: {
    readonly appId: string;
    readonly appSecret: Secret;
    readonly asksProfile: boolean;
    readonly relayUrl: string | null;
    readonly relaySecret: Secret;
  } | null;
  readonly phone: {
    readonly isOn: boolean;
    readonly gatewayUrl: string | null;
    readonly gatewaySecret: Secret;
  };
  readonly ticketKeys: readonly TicketKey[];
  readonly embedOrigins: readonly string[];
  readonly verifyFiles: readonly { readonly name: string; readonly content: string }[];
  readonly hiddenInWechat: readonly ("invite" | "tasks" | "check_in" | "poster")[];
}

export interface ChannelsView {
  readonly revision: number;
  readonly channels: Channels;
}
