/** The themes that come with the shop, and the colour that an own theme starts from until staff choose theirs. */
export const PRESETS = ["cinnabar", "tea", "bank", "market"] as const;
export const FIRST_OWN = "#7a3e9d";
