/** A share, 0 to 1, in whole percent: `0.104` is `10 %`. */
export function wholePercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
