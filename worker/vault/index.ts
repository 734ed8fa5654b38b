/** The vault's door for other domains: personal data and card codes at rest. */
export { reseal, type SealedColumn } from "./reseal.ts";
export { openVault, rewrapKeys, rotatedProgrammes, rotateDataKey, type Vault } from "./vault.ts";
