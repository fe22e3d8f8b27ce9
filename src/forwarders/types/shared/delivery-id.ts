import type { DeliveryIds } from '../../destination';

/** Header of every request, and metadata of every call: which records it carries. */
export const DELIVERY_ID_HEADER = 'Logweir-Delivery-Id';

/**
 * The id of what carries some rows: that of the record when there is one; for more, those of the first and the last and their number.
 * What is offered again as it was has the same id.
 *
 * @example deliveryIdOf([0, 1, 2], ids) // 'd3b07384d113.12.0~d3b07384d113.12.2~3'
 */
export function deliveryIdOf(rows: readonly number[], ids: DeliveryIds): string {
  const first = rows[0] ?? 0;
  const last = rows.at(-1) ?? first;
  return rows.length === 1 ? ids.of(first) : `${ids.of(first)}~${ids.of(last)}~${rows.length}`;
}

/** Headers of a request with the id of the rows it carries. */
export function withDeliveryId(
  headers: Readonly<Record<string, string>>,
  rows: readonly number[],
  ids: DeliveryIds | undefined,
): Readonly<Record<string, string>> {
  return ids === undefined ? headers : { ...headers, [DELIVERY_ID_HEADER]: deliveryIdOf(rows, ids) };
}
