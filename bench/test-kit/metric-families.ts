/** Metrics of one name, as Prometheus' text format has them. */
export interface MetricFamily {
  readonly type: string;
  readonly help: string;
  /** Each with its name, which of a histogram or summary has an ending. */
  readonly samples: readonly MetricSample[];
}

/** One value. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Reads Prometheus' text format, version 0.0.4, by the name of each family. Source: Prometheus, "Exposition formats".
 *
 * @throws Error for a line that fits nothing, and for a sample without a family of its name.
 */
export function metricFamilies(text: string): ReadonlyMap<string, MetricFamily> {
  const families = new Map<string, { type: string; help: string; samples: MetricSample[] }>();
  const family = (name: string) => {
    const found = families.get(name) ?? { type: '', help: '', samples: [] };
    families.set(name, found);
    return found;
  };
  for (const line of text.split('\n').filter(Boolean)) {
    const [, kind, about = '', told = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (kind === 'HELP') family(about).help = told;
    else if (kind === 'TYPE') family(about).type = told;
    else if (name !== '') {
      const own = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''));
      if (!own) throw new Error(`a sample of no family: ${line}`);
      own.samples.push({ name, labels: labelsIn(labels), value: Number(value) });
    } else throw new Error(`no line of Prometheus' text format: ${line}`);
  }
  return families;
}

/** A value is what Go's strconv.ParseFloat takes: prom-client writes `Nan`. */
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (-?(?:\d\S*|\+?Inf)|nan)$/i;

function labelsIn(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}
