/** Why there is no headline yet; it goes when the first comparison is stored. */
export const WITHDRAWN =
  'The figures that stood here are withdrawn. They ranked a stand-in for Spin as if it were Spin: it held calls back by a rule of our own that Spin does not follow, ' +
  'and it took less CPU and memory than Spin takes. The Node apps beside it were still warming up while they were measured.';
