/** Rows that an export reads at once: as many as every list of the API gives. */
export const EXPORT_PAGE = 100;
