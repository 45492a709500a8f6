/** Program time in ns, `from` included and `to` not. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}
