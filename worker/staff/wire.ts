/** What the staff routes answer, as the console reads it. */
import type { Permission } from "../kernel/permission.ts";

export interface Colleague {
  readonly staffId: string;
  readonly name: string;
  readonly email: string;
  readonly roleIds: readonly string[];
  readonly storeIds: readonly string[] | null;
  readonly state: "active" | "disabled";
  readonly version: number;
  readonly hasSecondStep: boolean;
  readonly seenAtMs: number | null;
  readonly joinedAtMs: number;
}

export interface StaffInvite {
  readonly inviteId: string;
  readonly email: string;
  readonly roleIds: readonly string[];
  readonly storeIds: readonly string[] | null;
  readonly invitedBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

export interface People {
  readonly items: readonly Colleague[];
  readonly invites: readonly StaffInvite[];
}

export interface Role {
  readonly roleId: string;
  /** Null: built in, named by every language. */
  readonly name: string | null;
  readonly permissions: readonly Permission[];
  /** 0: built in, and not to be changed. */
  readonly version: number;
  readonly people: number;
}

export interface Roles {
  readonly items: readonly Role[];
  readonly permissions: readonly Permission[];
}

export interface StaffPolicy {
  readonly needsSecondStep: boolean;
  readonly version: number;
}

/** What headquarters can let a store set for itself. */
export type StoreField = "price" | "stock" | "visibility" | "till_codes";

export interface Brand {
  readonly brandId: string;
  readonly name: string;
  readonly programmeId: string;
  readonly state: "active" | "archived";
  readonly storeMaySet: readonly StoreField[];
  readonly version: number;
}

export interface Store {
  readonly storeId: string;
  readonly brandId: string;
  readonly name: string;
  readonly address: string;
  readonly state: "active" | "archived";
  readonly version: number;
}

export interface Tenant {
  readonly merchant: { readonly merchantId: string; readonly name: string };
  readonly programme: { readonly programmeId: string; readonly name: string };
  readonly brands: readonly Brand[];
  readonly stores: readonly Store[];
}

export interface AuditView {
  readonly seq: number;
  readonly hash: string;
  readonly entry: {
    readonly entryId: string;
    readonly atMs: number;
    /** `staff:<id>` or `system:<what>`. */
    readonly actor: string;
    readonly actorName: string;
    readonly action: string;
    readonly permission: string;
    readonly subject: string;
    readonly status: number;
    readonly reason: string;
    readonly before: unknown;
    readonly after: unknown;
    readonly address: string;
  };
}

export interface AuditVerified {
  readonly checked: number;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly brokenAt: number | null;
  readonly nextSeq: number | null;
}

export interface ApprovalKindView {
  readonly kind: string;
  readonly title: Readonly<Record<"zh-CN" | "en", string>>;
  readonly unit: "points" | "fen" | "units" | "always";
  readonly permission: Permission;
  readonly from: number | null;
  readonly defaultFrom: number | null;
  readonly version: number;
}

export interface Security {
  readonly passwordAtMs: number | null;
  readonly hasTotp: boolean;
  readonly recoveryCodesLeft: number;
  readonly passkeys: readonly {
    readonly credentialId: string;
    readonly name: string;
    readonly createdAtMs: number;
    readonly usedAtMs: number | null;
  }[];
}

export interface StaffSession {
  readonly sessionId: string;
  readonly method: string;
  readonly address: string;
  readonly device: string;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly isCurrent: boolean;
}
