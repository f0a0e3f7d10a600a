/** The page at `/`. Its elements are the script's (page-script.ts). */
export const HOME_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src http: https:; base-uri 'none'; form-action 'none'">
<title>Orders</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<script src="page.js" defer></script>
</head>
<body>
<main>
<h1>Orders</h1>
<p class="soft">Takes orders into the pipeline and follows them until they are written. <a href="/openapi.json">What the API takes and answers</a></p>
<div class="cards">
<section class="card wide"><h2>Where and as whom</h2>
<form id="connection">
<label>API<input id="api" type="url" required></label>
<label>Token<input id="token" type="password" autocomplete="off"></label>
<button type="button" id="list">Written orders</button>
</form>
<p class="message" id="connection-message" role="status"></p>
</section>
<section class="card"><h2>An order</h2>
<form id="order">
<label>First name<input name="firstName" value="Ann" maxlength="1000"></label>
<label>Delivery<select name="delivery"><option>Express</option><option>Standard</option></select></label>
<label>SKU<input name="sku" value="tea-250"></label>
<label>Quantity<input name="quantity" type="number" min="0" value="2" required></label>
<button type="submit">Send</button>
</form>
<p class="message" id="order-message" role="status"></p>
<div class="scroll"><table hidden><thead><tr><th>Order</th><th>Status</th><th></th></tr></thead><tbody id="orders"></tbody></table></div>
</section>
<section class="card"><h2>Many orders</h2>
<form id="import">
<label class="all">Lines: JSON objects, or CSV with a first line of column names<textarea name="lines" required wrap="off" spellcheck="false">delivery,firstName,sku,quantity,orderItemId
Express,Ann,tea-250,2,1
Standard,Bob,mug,1,1
Air,Cid,mug,1,1
</textarea></label>
<label>Or a file<input name="file" type="file" accept=".csv,.ndjson,.jsonl"></label>
<button type="submit">Import</button>
</form>
<p class="message" id="import-message" role="status"></p>
<div class="scroll"><table hidden><thead><tr><th>Lines</th><th>Status</th><th></th></tr></thead><tbody id="imports"></tbody></table></div>
</section>
<section class="card wide"><h2>Webhooks</h2>
<form id="webhook">
<label>URL that is told of every written order<input name="url" type="url" required placeholder="https://"></label>
<button type="submit">Add</button>
</form>
<p class="message" id="webhook-message" role="status"></p>
<div id="webhooks"></div>
</section>
</div>
</main>
<dialog id="shown"><div id="shown-content"></div><form method="dialog"><button>Close</button></form></dialog>
</body>
</html>
`;
