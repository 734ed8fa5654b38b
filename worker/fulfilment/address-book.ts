/** Members' addresses, and where each order goes. Everything that leads to a door is sealed. */
import { maskDetail, maskName, maskPhone, seen, type Sight } from "../kernel/masks.ts";
import type { Env } from "../platform/env.ts";
import { openVault, type SealedColumn, type Vault } from "../vault/index.ts";
import { regionOf, regionText, type Address } from "./core/index.ts";

export const ADDRESSES_MAX = 20;

export interface SavedAddress extends Address {
  readonly addressId: string;
  readonly isDefault: boolean;
}

/** What lists show; the whole is given to its member, and to staff who say why. */
export interface MaskedAddress {
  readonly name: string;
  readonly phone: string;
  readonly region: string;
  readonly detail: string;
}

export interface OrderRef {
  readonly memberId: string;
  readonly orderId: string;
}

/** Both name an order: the ids are made by clients, so two members may have the same. */
export const refKey = ({ memberId, orderId }: OrderRef): string => `${memberId} ${orderId}`;

export interface Recipient extends OrderRef {
  readonly kind: "address" | "account";
  readonly regionCode: string | null;
  readonly freightFen: number;
  readonly sealed: string;
}

interface SealedAddress {
  readonly name: string;
  readonly phone: string;
  readonly detail: string;
}

const bookContext = (addressId: string): string => `address:${addressId}`;
const recipientContext = (memberId: string, orderId: string): string =>
  `recipient:${memberId}:${orderId}`;

/** What the sweep seals anew after a rotation. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: "addresses",
    column: "sealed",
    key: ["address_id"],
    contextOf: ({ address_id: id = "" }) => bookContext(id),
  },
  {
    table: "order_recipients",
    column: "sealed",
    key: ["member_id", "order_id"],
    contextOf: ({ member_id: memberId = "", order_id: orderId = "" }) =>
      recipientContext(memberId, orderId),
  },
];

/** As staff see it who are shown so much of it. The region alone names nobody. */
export function maskAddress(
  { name, phone, regionCode, detail }: Address,
  sight: Sight,
): MaskedAddress {
  const region = regionOf(regionCode);
  return {
    name: seen(sight.name, maskName(name)),
    phone: seen(sight.phone, maskPhone(phone)),
    region: region ? regionText(region) : "",
    detail: seen(sight.address, maskDetail(detail)),
  };
}

interface AddressRow {
  readonly address_id: string;
  readonly is_default: number;
  readonly region_code: string;
  readonly sealed: string;
}

interface RecipientRow {
  readonly member_id: string;
  readonly order_id: string;
  readonly kind: "address" | "account";
  readonly region_code: string | null;
  readonly freight_fen: number;
  readonly sealed: string;
}

const readRecipient = (row: RecipientRow): Recipient => ({
  memberId: row.member_id,
  orderId: row.order_id,
  kind: row.kind,
  regionCode: row.region_code,
  freightFen: row.freight_fen,
  sealed: row.sealed,
});

export class AddressBook {
  readonly #db: D1Database;
  readonly #programmeId: string;
  readonly #vault: Vault;

  private constructor(env: Env, programmeId: string, vault: Vault) {
    this.#db = env.DB;
    this.#programmeId = programmeId;
    this.#vault = vault;
  }

  static async open(env: Env, programmeId: string): Promise<AddressBook> {
    return new AddressBook(env, programmeId, await openVault(env, programmeId));
  }

  // ---- the book

  async list(memberId: string): Promise<SavedAddress[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT address_id, is_default, region_code, sealed FROM addresses
         WHERE programme_id = ?1 AND member_id = ?2 ORDER BY is_default DESC, updated_at_ms DESC`,
      )
      .bind(this.#programmeId, memberId)
      .all<AddressRow>();
    return Promise.all(results.map((row) => this.#readAddress(row)));
  }

  async find(memberId: string, addressId: string): Promise<SavedAddress | null> {
    const row = await this.#db
      .prepare(
        `SELECT address_id, is_default, region_code, sealed FROM addresses
         WHERE programme_id = ?1 AND member_id = ?2 AND address_id = ?3`,
      )
      .bind(this.#programmeId, memberId, addressId)
      .first<AddressRow>();
    return row && this.#readAddress(row);
  }

  async #readAddress(row: AddressRow): Promise<SavedAddress> {
    const text = await this.#vault.open(bookContext(row.address_id), row.sealed);
    const { name, phone, detail } = JSON.parse(text) as SealedAddress;
    return {
      ...{ name, phone, detail },
      addressId: row.address_id,
      isDefault: row.is_default === 1,
      regionCode: row.region_code,
    };
  }

  /**
   * New under a new id, changed under a known one. The first address is the default, and one that becomes it takes it from
   * the other in the same transaction. `full`: the member has as many as fit; `taken`: the id is another member's.
   */
  async save(
    memberId: string,
    saved: SavedAddress,
    nowMs: number,
  ): Promise<"saved" | "full" | "taken"> {
    const { addressId, isDefault, regionCode, name, phone, detail } = saved;
    const sealed = this.#vault.seal(
      bookContext(addressId),
      JSON.stringify({ name, phone, detail } satisfies SealedAddress),
    );
    const own = this.#db.prepare(
      "UPDATE addresses SET is_default = 0 WHERE programme_id = ?1 AND member_id = ?2 AND address_id <> ?3 AND ?4 = 1",
    );
    const [, written] = await this.#db.batch([
      own.bind(this.#programmeId, memberId, addressId, isDefault ? 1 : 0),
      this.#db
        .prepare(
          `INSERT INTO addresses (programme_id, address_id, member_id, is_default, region_code, sealed, updated_at_ms)
           SELECT ?1, ?2, ?3, MAX(?4, NOT EXISTS (SELECT 1 FROM addresses WHERE programme_id = ?1 AND member_id = ?3 AND is_default = 1)), ?5, ?6, ?7
           WHERE (SELECT COUNT(*) FROM addresses WHERE programme_id = ?1 AND member_id = ?3 AND address_id <> ?2) < ${ADDRESSES_MAX}
           ON CONFLICT (programme_id, address_id) DO UPDATE SET is_default = MAX(addresses.is_default, ?4),
             region_code = excluded.region_code, sealed = excluded.sealed, updated_at_ms = excluded.updated_at_ms
           WHERE addresses.member_id = excluded.member_id`,
        )
        .bind(this.#programmeId, addressId, memberId, isDefault ? 1 : 0, regionCode, sealed, nowMs),
    ]);
    if (written?.meta.changes !== 0) return "saved";
    const count = await this.#db
      .prepare("SELECT COUNT(*) AS n FROM addresses WHERE programme_id = ?1 AND member_id = ?2")
      .bind(this.#programmeId, memberId)
      .first<number>("n");
    return (count ?? 0) >= ADDRESSES_MAX ? "full" : "taken";
  }

  /** The newest of those that are left becomes the default. */
  async remove(memberId: string, addressId: string): Promise<void> {
    await this.#db.batch([
      this.#db
        .prepare(
          "DELETE FROM addresses WHERE programme_id = ?1 AND member_id = ?2 AND address_id = ?3",
        )
        .bind(this.#programmeId, memberId, addressId),
      this.#db
        .prepare(
          `UPDATE addresses SET is_default = 1 WHERE programme_id = ?1 AND member_id = ?2
             AND NOT EXISTS (SELECT 1 FROM addresses WHERE programme_id = ?1 AND member_id = ?2 AND is_default = 1)
             AND address_id = (SELECT address_id FROM addresses WHERE programme_id = ?1 AND member_id = ?2
               ORDER BY updated_at_ms DESC LIMIT 1)`,
        )
        .bind(this.#programmeId, memberId),
    ]);
  }

  // ---- orders

  /** False: a parcel is on its way, so the order keeps the address it has. */
  async setRecipient(
    order: OrderRef,
    address: Address,
    freightFen: number,
    nowMs: number,
  ): Promise<boolean> {
    const { memberId, orderId } = order;
    const { name, phone, detail, regionCode } = address;
    const sealed = this.#vault.seal(
      recipientContext(memberId, orderId),
      JSON.stringify({ name, phone, detail } satisfies SealedAddress),
    );
    return this.#writeRecipient(order, {
      ...{ kind: "address", regionCode, freightFen, sealed, nowMs },
      phoneTailPrint: this.phoneTailPrint(phone),
    });
  }

  /** Which account a top-up is for. */
  async setAccount(order: OrderRef, account: string, nowMs: number): Promise<boolean> {
    const sealed = this.#vault.seal(recipientContext(order.memberId, order.orderId), account);
    const more = { phoneTailPrint: this.phoneTailPrint(account), nowMs };
    return this.#writeRecipient(order, {
      ...{ kind: "account", regionCode: null, freightFen: 0, sealed },
      ...more,
    });
  }

  async #writeRecipient(
    { memberId, orderId }: OrderRef,
    row: {
      readonly kind: Recipient["kind"];
      readonly regionCode: string | null;
      readonly freightFen: number;
      readonly sealed: string;
      readonly phoneTailPrint: string | null;
      readonly nowMs: number;
    },
  ): Promise<boolean> {
    const { kind, regionCode, freightFen, sealed, phoneTailPrint, nowMs } = row;
    const { meta } = await this.#db
      .prepare(
        `INSERT INTO order_recipients (programme_id, member_id, order_id, kind, region_code, freight_fen, sealed, phone_tail_print, updated_at_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
         WHERE NOT EXISTS (SELECT 1 FROM shipments WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3)
           AND NOT EXISTS (SELECT 1 FROM top_ups WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3)
         ON CONFLICT (programme_id, member_id, order_id) DO UPDATE SET kind = excluded.kind, region_code = excluded.region_code,
           freight_fen = excluded.freight_fen, sealed = excluded.sealed, phone_tail_print = excluded.phone_tail_print,
           updated_at_ms = excluded.updated_at_ms`,
      )
      .bind(
        ...[this.#programmeId, memberId, orderId, kind, regionCode],
        ...[freightFen, sealed, phoneTailPrint, nowMs],
      )
      .run();
    return meta.changes === 1;
  }

  async recipient({ memberId, orderId }: OrderRef): Promise<Recipient | null> {
    const row = await this.#db
      .prepare(
        `SELECT member_id, order_id, kind, region_code, freight_fen, sealed FROM order_recipients
         WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3`,
      )
      .bind(this.#programmeId, memberId, orderId)
      .first<RecipientRow>();
    return row && readRecipient(row);
  }

  /** Of a page of orders, by `refKey`. */
  async recipients(orders: readonly OrderRef[]): Promise<Map<string, Recipient>> {
    const { results } = await this.#db
      .prepare(
        `SELECT r.member_id, r.order_id, r.kind, r.region_code, r.freight_fen, r.sealed FROM json_each(?2) AS o
         JOIN order_recipients AS r ON r.programme_id = ?1 AND r.member_id = o.value ->> 0 AND r.order_id = o.value ->> 1`,
      )
      .bind(
        this.#programmeId,
        JSON.stringify(orders.map(({ memberId, orderId }) => [memberId, orderId])),
      )
      .all<RecipientRow>();
    const all = results.map(readRecipient);
    return new Map(all.map((recipient) => [refKey(recipient), recipient]));
  }

  /** In clear: for the member, for a parcel's label, for staff who said why. */
  async addressOf(recipient: Recipient): Promise<Address> {
    const { name, phone, detail } = JSON.parse(await this.#textOf(recipient)) as SealedAddress;
    return { name, phone, detail, regionCode: recipient.regionCode ?? "" };
  }

  accountOf(recipient: Recipient): Promise<string> {
    return this.#textOf(recipient);
  }

  #textOf({ memberId, orderId, sealed }: Recipient): Promise<string> {
    return this.#vault.open(recipientContext(memberId, orderId), sealed);
  }

  phoneTailPrint(phone: string): string {
    return this.#vault.fingerprint("phone-tail", phone.slice(-4));
  }
}
