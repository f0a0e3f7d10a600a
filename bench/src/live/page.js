// Follows the runs of a command: what the server sends replaces what stands here.
const events = new EventSource('/events');
const find = selector => document.querySelector(selector);

events.addEventListener('state', ({ data }) => {
  find('#lost').hidden = true;
  const { run, queues, cpu, ended } = JSON.parse(data);
  showRun(run);
  fill(
    '#queues',
    queues.map(({ name, scheduled, active, locked, deadLettered }) => [
      name,
      ...[scheduled, active, locked, deadLettered].map(count),
    ]),
  );
  fill(
    '#cpu',
    Object.entries(cpu).map(([role, share]) => [role, `${Math.round(share * 100)} %`]),
  );
  showEnded(ended);
});

events.addEventListener('chart', ({ data }) => {
  const { title, description, wide, narrow } = JSON.parse(data);
  const chart = find('#chart');
  chart.hidden = false;
  chart.querySelector('figcaption').textContent = `${title}. ${description}`;
  // Drawn by the server from its own figures.
  chart.querySelector('.wide').innerHTML = wide;
  chart.querySelector('.narrow').innerHTML = narrow;
});

events.addEventListener('error', () => {
  const lost = find('#lost');
  lost.hidden = false;
  lost.textContent =
    'No connection: the command has ended, or cannot be reached. What stands here was true when it was last seen; this page tries again by itself.';
});

function showRun(run) {
  const progress = run?.progress ?? null;
  find('#step').textContent = run ? `run ${run.number}, ${run.contender}: ${run.step}` : 'no run in progress';
  find('#progress').value = progress ? progress.written / progress.expected : 0;
  find('#figures').textContent = progress
    ? `${count(progress.written)} of ${count(progress.expected)} written, ${Math.round(progress.ordersPerSecond)} orders/s${timeLeft(progress)}`
    : '';
}

function showEnded(ended) {
  fill(
    '#ended',
    ended.map(({ contender, status, t100Ms, steadyOrdersPerSecond, appCpuMsPerOrder }) => [
      contender,
      status,
      t100Ms === null ? '–' : `${(t100Ms / 1000).toFixed(1)} s`,
      steadyOrdersPerSecond === null ? '–' : count(Math.round(steadyOrdersPerSecond)),
      appCpuMsPerOrder === null ? '–' : `${appCpuMsPerOrder.toFixed(2)} ms`,
    ]),
  );
  find('#reasons').replaceChildren(
    ...ended
      .filter(({ reason }) => reason !== null)
      .map(({ contender, status, reason }) => {
        const item = document.createElement('li');
        item.textContent = `${contender} is ${status}: ${reason}`;
        return item;
      }),
  );
  const traced = ended.find(({ hops }) => hops.length > 0);
  find('#hops-of').textContent = traced?.contender ?? '';
  fill('#hops', traced?.hops.map(({ title, meanMs }) => [title, `${meanMs.toFixed(1)} ms`]) ?? []);
}

function timeLeft({ written, expected, ordersPerSecond }) {
  if (written >= expected) return '';
  return ordersPerSecond > 0 ? `, ${Math.ceil((expected - written) / ordersPerSecond)} s left` : ', time left unknown';
}

/** Rows of text; numbers are in the columns whose header says so. */
function fill(section, rows) {
  const part = find(section);
  part.hidden = rows.length === 0;
  const headers = [...part.querySelectorAll('th')];
  part.querySelector('tbody').replaceChildren(
    ...rows.map(cells => {
      const row = document.createElement('tr');
      row.append(
        ...cells.map((text, column) => {
          const cell = document.createElement('td');
          cell.className = headers[column].className;
          cell.textContent = text;
          return cell;
        }),
      );
      return row;
    }),
  );
}

function count(number) {
  return number.toLocaleString('en');
}
