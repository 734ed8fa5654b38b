import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** Authority: a company. Brands, stores and points programmes belong to one. */
export const merchants = sqliteTable("merchants", {
  merchantId: text("merchant_id").primaryKey(),
  name: text("name").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
});

/** Authority: which merchant a points domain belongs to. Several brands may share one. */
export const pointsProgrammes = sqliteTable(
  "points_programmes",
  {
    programmeId: text("programme_id").primaryKey(),
    merchantId: text("merchant_id").notNull(),
    name: text("name").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [index("points_programmes_by_merchant").on(table.merchantId)],
);

/** Authority: a brand shows itself to members; its points are those of its programme. */
export const brands = sqliteTable(
  "brands",
  {
    merchantId: text("merchant_id").notNull(),
    brandId: text("brand_id").notNull(),
    programmeId: text("programme_id").notNull(),
    name: text("name").notNull(),
    state: text("state", { enum: ["active", "archived"] }).notNull(),
    /** JSON: the words of `STORE_FIELDS` that stores of this brand may set for themselves. */
    storeMaySet: text("store_may_set").notNull(),
    revision: integer("revision").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.merchantId, table.brandId] }),
    index("brands_by_programme").on(table.programmeId),
  ],
);

/** Authority: a place where members are served. */
export const stores = sqliteTable(
  "stores",
  {
    programmeId: text("programme_id").notNull(),
    storeId: text("store_id").notNull(),
    brandId: text("brand_id").notNull(),
    name: text("name").notNull(),
    address: text("address").notNull(),
    state: text("state", { enum: ["active", "archived"] }).notNull(),
    revision: integer("revision").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.storeId] }),
    index("stores_by_brand").on(table.programmeId, table.brandId),
  ],
);

/** Authority: a person who works here, once for all programmes of the deployment. */
export const staffPeople = sqliteTable(
  "staff_people",
  {
    staffId: text("staff_id").primaryKey(),
    /** Lower case. */
    email: text("email").notNull(),
    name: text("name").notNull(),
    /** `scrypt$…`; null until the person chose one. */
    passwordHash: text("password_hash"),
    passwordAtMs: integer("password_at_ms"),
    /** Sealed by SESSION_KEYS; null without two-step sign-in. */
    totpSecret: text("totp_secret"),
    /** The last step that was accepted, so that a code is good once. */
    totpStep: integer("totp_step"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [uniqueIndex("staff_people_by_email").on(table.email)],
);

/** Authority: what a person may do in a programme. */
export const staffMemberships = sqliteTable(
  "staff_memberships",
  {
    programmeId: text("programme_id").notNull(),
    staffId: text("staff_id").notNull(),
    /** JSON: role ids, built in or the programme's own. */
    roleIds: text("role_ids").notNull(),
    /** JSON: the stores somebody is bound to, or null for all. */
    storeIds: text("store_ids"),
    state: text("state", { enum: ["active", "disabled"] }).notNull(),
    revision: integer("revision").notNull(),
    joinedAtMs: integer("joined_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.staffId] }),
    index("staff_memberships_by_person").on(table.staffId),
  ],
);

/** Authority: roles a programme made for itself. */
export const staffRoles = sqliteTable(
  "staff_roles",
  {
    programmeId: text("programme_id").notNull(),
    roleId: text("role_id").notNull(),
    name: text("name").notNull(),
    /** JSON: words of `PERMISSIONS`. */
    permissions: text("permissions").notNull(),
    revision: integer("revision").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.roleId] })],
);

/** Authority: who is signed in. The token itself is only in the browser. */
export const staffSessions = sqliteTable(
  "staff_sessions",
  {
    /** SHA-256 of the token. */
    tokenHash: text("token_hash").primaryKey(),
    /** Names the session in lists; it opens nothing. */
    sessionId: text("session_id").notNull(),
    staffId: text("staff_id").notNull(),
    programmeId: text("programme_id").notNull(),
    method: text("method", {
      enum: ["password", "two_step", "passkey", "invite", "setup"],
    }).notNull(),
    address: text("address").notNull(),
    device: text("device").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    seenAtMs: integer("seen_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    index("staff_sessions_by_person").on(table.staffId, table.createdAtMs),
    uniqueIndex("staff_sessions_by_id").on(table.sessionId),
  ],
);

/** Authority: passkeys. */
export const staffPasskeys = sqliteTable(
  "staff_passkeys",
  {
    credentialId: text("credential_id").primaryKey(),
    staffId: text("staff_id").notNull(),
    name: text("name").notNull(),
    /** base64url of the COSE key. */
    publicKey: text("public_key").notNull(),
    counter: integer("counter").notNull(),
    /** JSON. */
    transports: text("transports").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    usedAtMs: integer("used_at_ms"),
  },
  (table) => [index("staff_passkeys_by_person").on(table.staffId)],
);

/** Authority: codes for the day the phone is lost, each good once. */
export const staffRecoveryCodes = sqliteTable(
  "staff_recovery_codes",
  {
    staffId: text("staff_id").notNull(),
    codeHash: text("code_hash").notNull(),
    usedAtMs: integer("used_at_ms"),
  },
  (table) => [primaryKey({ columns: [table.staffId, table.codeHash] })],
);

/** Authority: one-time links and challenges; whoever takes one deletes it in the same statement. */
export const staffOneTime = sqliteTable(
  "staff_one_time",
  {
    /** SHA-256 of what the link or the cookie carries. */
    tokenHash: text("token_hash").primaryKey(),
    kind: text("kind", {
      enum: ["invite", "reset", "two_step", "totp", "passkey_new", "passkey"],
    }).notNull(),
    programmeId: text("programme_id"),
    staffId: text("staff_id"),
    /** JSON, of the kind's own type. */
    body: text("body").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    index("staff_one_time_by_programme").on(table.programmeId, table.kind, table.createdAtMs),
    index("staff_one_time_by_expiry").on(table.expiresAtMs),
  ],
);

/** Authority: failed sign-ins, by account, address and known device, as hashes. */
export const staffThrottles = sqliteTable(
  "staff_throttles",
  {
    key: text("key").primaryKey(),
    failures: integer("failures").notNull(),
    untilMs: integer("until_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [index("staff_throttles_by_time").on(table.updatedAtMs)],
);

/** Authority: what staff did. Never updated and never deleted: triggers refuse both. */
export const auditLog = sqliteTable(
  "audit_log",
  {
    programmeId: text("programme_id").notNull(),
    seq: integer("seq").notNull(),
    entryId: text("entry_id").notNull(),
    atMs: integer("at_ms").notNull(),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    subject: text("subject").notNull(),
    status: integer("status").notNull(),
    /** JSON: the `AuditEntry`, over which the hash is. */
    entry: text("entry").notNull(),
    hash: text("hash").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.seq] }),
    uniqueIndex("audit_log_by_entry").on(table.entryId),
    index("audit_log_by_actor").on(table.programmeId, table.actor, table.seq),
    index("audit_log_by_action").on(table.programmeId, table.action, table.seq),
    index("audit_log_by_subject").on(table.programmeId, table.subject, table.seq),
    index("audit_log_by_time").on(table.programmeId, table.atMs),
  ],
);

/** Authority: what waits for a second person. */
export const approvals = sqliteTable(
  "approvals",
  {
    programmeId: text("programme_id").notNull(),
    approvalId: text("approval_id").notNull(),
    kind: text("kind").notNull(),
    state: text("state", {
      enum: ["proposed", "approved", "rejected", "withdrawn", "done", "refused"],
    }).notNull(),
    subject: text("subject").notNull(),
    figure: integer("figure").notNull(),
    reason: text("reason").notNull(),
    /** JSON, of the kind's own type. */
    payload: text("payload").notNull(),
    proposedBy: text("proposed_by").notNull(),
    proposedAtMs: integer("proposed_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    decidedBy: text("decided_by"),
    decidedAtMs: integer("decided_at_ms"),
    note: text("note"),
    /** JSON: what the executor answered. */
    outcome: text("outcome"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.approvalId] }),
    index("approvals_by_state").on(table.programmeId, table.state, table.proposedAtMs),
    index("approvals_by_time").on(table.programmeId, table.proposedAtMs),
    index("approvals_unexecuted")
      .on(table.decidedAtMs)
      .where(sql`state = 'approved'`),
  ],
);

/** Authority: acts below a threshold that somebody did alone, for as long as they count together. */
export const actsAlone = sqliteTable(
  "acts_alone",
  {
    programmeId: text("programme_id").notNull(),
    /** Kinds of one purse count together. */
    purse: text("purse").notNull(),
    actor: text("actor").notNull(),
    actId: text("act_id").notNull(),
    figure: integer("figure").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.purse, table.actor, table.actId] })],
);

/** Authority: from which figure on a kind of act needs a second person. */
export const approvalThresholds = sqliteTable(
  "approval_thresholds",
  {
    programmeId: text("programme_id").notNull(),
    kind: text("kind").notNull(),
    /** Null: never. */
    fromFigure: integer("from_figure"),
    revision: integer("revision").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.kind] })],
);

/** Authority: how this programme's people sign in. */
export const staffPolicies = sqliteTable("staff_policies", {
  programmeId: text("programme_id").primaryKey(),
  /** Whoever has no second step is asked to set one up before anything else. */
  needsSecondStep: integer("needs_second_step", { mode: "boolean" }).notNull(),
  revision: integer("revision").notNull(),
});

/** Authority: how often somebody looked at personal data in full, by hour. */
export const staffReveals = sqliteTable(
  "staff_reveals",
  {
    programmeId: text("programme_id").notNull(),
    staffId: text("staff_id").notNull(),
    /** Hours since 1970. */
    hour: integer("hour").notNull(),
    looks: integer("looks").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.staffId, table.hour] }),
    index("staff_reveals_by_hour").on(table.hour),
  ],
);
