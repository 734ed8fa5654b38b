/** What a crash loses where it was not in the commit it belongs to: `Object: SQL`, run over the rows of each that comes back. */
export const LOSES = {
  cancels: "Account: DELETE FROM cancels",
  grants:
    "Sku: INSERT OR REPLACE INTO watermarks SELECT 'settled', COALESCE(MAX(position), 0) FROM takes",
  captures: `Account: UPDATE offsets SET state = 'held', detail = json_set(detail, '$.state', 'held') WHERE state = 'captured'`,
  savings:
    "Account: UPDATE stored_wallets SET topped_up_fen = topped_up_fen - balance_fen, balance_fen = 0",
  /** The member's row counts their entries as it did before the newest; points and all else are as they are. */
  lastNumber: `Account: UPDATE members SET seq = before.seq, last_position = before.position, head_hash = before.detail ->> '$.hash'
    FROM entries AS newest JOIN entries AS before ON before.position = newest.prev_position
    WHERE newest.position = members.last_position`,
} as const;
