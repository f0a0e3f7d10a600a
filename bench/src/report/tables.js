// Sorts a table by the column whose header is pressed: numbers by their value, the largest first on the second press.
for (const table of document.querySelectorAll('table')) {
  const headers = [...table.tHead.rows[0].cells];
  for (const [column, header] of headers.entries()) {
    header.querySelector('button').addEventListener('click', () => {
      const isDescending = header.getAttribute('aria-sort') === 'ascending';
      for (const other of headers) other.removeAttribute('aria-sort');
      header.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => compare(a.cells[column], b.cells[column], isDescending ? -1 : 1));
      table.tBodies[0].append(...rows);
    });
  }
}

// A table that is wider than its place says so: nothing else shows that there is more.
const watcher = new ResizeObserver(entries => {
  for (const { target } of entries) {
    target.closest('figure').classList.toggle('is-wide', target.scrollWidth > target.clientWidth + 1);
  }
});
for (const place of document.querySelectorAll('.scroll')) watcher.observe(place);

// A cell without a value comes last, whichever way.
function compare(a, b, sign) {
  if (a.dataset.value === undefined || b.dataset.value === undefined) {
    return sign * a.textContent.localeCompare(b.textContent, 'en', { numeric: true });
  }
  if (a.dataset.value === '' || b.dataset.value === '')
    return Number(a.dataset.value === '') - Number(b.dataset.value === '');
  return sign * (Number(a.dataset.value) - Number(b.dataset.value));
}
