/** Of an order, or of whatever else a member and its clients name: the pair. */
export const keyOf = (memberKey: string, id: string): string => `${memberKey} ${id}`;
