package vastsim

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// account is the renter.
type account struct {
	id       int64
	email    string
	funds    float64 // what has been paid in; spending is in the ledgers
	broke    bool
	invoices []invoice
}

// invoice is one row of the invoices call.
type invoice struct {
	Start       float64        `json:"start"`
	End         *float64       `json:"end"`
	Type        string         `json:"type"`
	Source      string         `json:"source"`
	Description string         `json:"description"`
	Amount      float64        `json:"amount"`
	Metadata    map[string]any `json:"metadata"`
	Items       []any          `json:"items"`
	id          int64
	service     string
}

// auditRow is one row of the audit log.
type auditRow struct {
	IP      string         `json:"ip_address"`
	KeyID   int64          `json:"api_key_id"`
	Created float64        `json:"created_at"`
	Route   string         `json:"api_route"`
	Args    map[string]any `json:"args"`
}

// clientIP is where calls come from when there is no socket to tell.
const clientIP = "203.0.113.200"

// note writes a changing call into the audit log, without anything secret.
func (w *World) note(q *request) {
	if q.method == "GET" || q.route.quiet {
		return
	}
	args := map[string]any{}
	for _, k := range []string{"state", "label", "price", "disk", "image", "id", "ids", "instance_ids", "size", "amount", "key", "name", "permissions"} {
		if v, found := q.body[k]; found {
			args[k] = v
		}
	}
	key := int64(0)
	if k := w.keyOf(q.key); k != nil {
		key = k.ID
	}
	w.audit = append(w.audit, auditRow{clientIP, key, w.epochSeconds(w.clock), q.method + " " + q.path, args})
	if len(w.audit) > 500 {
		w.audit = w.audit[len(w.audit)-500:]
	}
}

func (w *World) showAudit(*request) answer {
	rows := slices.Clone(w.audit)
	if rows == nil {
		rows = []auditRow{}
	}
	slices.Reverse(rows)
	return reply(200, rows)
}

// showUser is GET /users/current/. The money is in credit; balance stays 0 on
// accounts that pay in advance.
func (w *World) showUser(q *request) answer {
	rights, id := any("all"), int64(primaryKey)
	if k := w.keyOf(q.key); k != nil {
		rights, id = k.Rights, k.ID
	}
	return reply(200, map[string]any{
		"id": w.account.id, "email": w.account.email, "username": "renter", "fullname": nil,
		"credit": round(w.credit(), 6), "balance": 0, "balance_threshold": 5, "balance_threshold_enabled": true,
		"autobill_threshold": nil, "autobill_amount": nil, "billing_creditonly": 1, "has_billing": true,
		"paid_verified": 1, "can_pay": true, "total_spend": round(w.spentEver(), 6), "ssh_key": nil,
		"email_verified": true, "rights": rights, "key_id": id, "sid": "", "api_key": w.token(w.account.id),
	})
}

// showTwoFactor is GET /tfa/status/.
func (w *World) showTwoFactor(*request) answer {
	methods, codes := []any{}, 0
	if w.cfg.twoFactor {
		methods, codes = []any{map[string]any{"id": 31, "method": "totp", "label": "phone", "is_primary": true}}, 8
	}
	return reply(200, map[string]any{"tfa_enabled": w.cfg.twoFactor, "methods": methods, "backup_codes_remaining": codes})
}

// spentEver is what all contracts cost since their beginning.
func (w *World) spentEver() float64 {
	sum := 0.0
	for _, l := range w.ledgers {
		sum += l.between(-forever/2, forever, w.clock).total()
	}
	return sum
}

func (w *World) showAddresses(*request) answer {
	row := func(id int64, ip, place string, before time.Duration) map[string]any {
		at := w.born.Add(-before).UTC()
		return map[string]any{
			"id": id, "user_id": w.account.id, "ip": ip, "ip_address": ip, "first_location": place,
			"first_seen": float64(at.Unix()), "timestamp": at.Format(time.RFC3339),
		}
	}
	return ok(map[string]any{"results": []any{
		row(1, clientIP, "Amsterdam, NL", 61*day), row(2, "198.51.100.201", "Utrecht, NL", 9*day),
	}})
}

func (w *World) showConnections(*request) answer {
	return reply(200, []any{
		map[string]any{"id": 101, "name": "checkpoints", "cloud_type": "s3"},
		map[string]any{"id": 107, "name": "shared drive", "cloud_type": "drive"},
	})
}

// window reads {"<column>": {"gte","lte"}} of select_filters as world times.
func (w *World) window(f body, column string) (from, to time.Duration, given bool) {
	ops, isObject := f[column].(map[string]any)
	if !isObject {
		return 0, 0, false
	}
	read := func(names ...string) (float64, bool) {
		for _, n := range names {
			if v, found := body(ops).num(n); found {
				return v, true
			}
		}
		return 0, false
	}
	lo, hasLo := read("gte", "gt")
	hi, hasHi := read("lte", "lt")
	at := func(s float64) time.Duration {
		s -= float64(w.born.UnixNano()) / 1e9
		return time.Duration(max(-1e9, min(1e9, s)) * float64(time.Second))
	}
	return at(lo), at(hi), hasLo && hasHi
}

// choice reads {"<column>": {"in": […]}} or notin of select_filters.
func choice(f body, column string) func(string) bool {
	ops, isObject := f[column].(map[string]any)
	if !isObject {
		return func(string) bool { return true }
	}
	has := func(op, s string) (listed, given bool) {
		list, given := ops[op].([]any)
		return slices.Contains(list, any(s)), given
	}
	return func(s string) bool {
		if listed, given := has("in", s); given && !listed {
			return false
		}
		if listed, given := has("notin", s); given && listed {
			return false
		}
		return ops["eq"] == nil || ops["eq"] == s
	}
}

// showCharges is GET /charges/: one row for each contract that cost something in
// the days asked for.
func (w *World) showCharges(q *request) answer {
	f := body{}
	if raw := q.arg("select_filters"); raw != "" && json.Unmarshal([]byte(raw), &f) != nil {
		return fail(400, "invalid_args", "select_filters must be an object")
	}
	from, to, given := w.window(f, "day")
	if !given {
		return reply(400, map[string]any{"success": false, "msg": "Must provide both 'day' gte and lte filters for instance charges"})
	}
	wanted := choice(f, "type")
	rows := []chargeRow{}
	for _, l := range w.ledgers {
		if !wanted(l.kind) {
			continue
		}
		if row, costs := w.chargeOf(l, from, min(to, w.clock)); costs {
			rows = append(rows, row)
		}
	}
	return pageRows(q, rows, func(r chargeRow) (int64, float64) { return r.id, float64(r.Start) }, 100, 500)
}

// showInvoices is GET /api/v1/invoices/. Without a range it fails with 200.
func (w *World) showInvoices(q *request) answer {
	f := body{}
	if raw := q.arg("select_filters"); raw != "" && json.Unmarshal([]byte(raw), &f) != nil {
		return fail(400, "invalid_args", "select_filters must be an object")
	}
	from, to, given := w.window(f, "when")
	if !given {
		return reply(200, map[string]any{
			"success": false, "error": "Invalid date range", "count": 0, "total": 0, "results": []any{}, "next_token": nil,
		})
	}
	wanted := choice(f, "service")
	lo, hi := w.epochSeconds(from), w.epochSeconds(to)
	rows := []invoice{}
	for _, v := range w.account.invoices {
		if v.Start >= lo && v.Start <= hi && wanted(v.service) {
			rows = append(rows, v)
		}
	}
	return pageRows(q, rows, func(v invoice) (int64, float64) { return v.id, v.Start }, 60, 500)
}

// pageRows sorts rows by time and id, cuts a page and wraps it.
func pageRows[T any](q *request, rows []T, key func(T) (int64, float64), usual, most int) answer {
	latest := q.arg("latest_first") != "false"
	slices.SortStableFunc(rows, func(a, b T) int {
		ia, ta := key(a)
		ib, tb := key(b)
		n := int(math.Copysign(1, ta-tb))
		if ta == tb {
			n = int(max(-1, min(1, ia-ib)))
		}
		if latest {
			return -n
		}
		return n
	})
	total := len(rows)
	if token := q.arg("after_token"); token != "" && token != "null" {
		values, err := readToken(token)
		id, isNumber := values["id"].(float64)
		if err != nil || !isNumber {
			return fail(400, "invalid_token", "Invalid pagination token")
		}
		i := slices.IndexFunc(rows, func(r T) bool { n, _ := key(r); return n == int64(id) })
		rows = rows[i+1:]
	}
	limit := usual
	if n, err := strconv.Atoi(q.arg("limit")); err == nil && n > 0 {
		limit = min(n, most)
	}
	var next *string
	if len(rows) > limit {
		rows = rows[:limit]
		id, _ := key(rows[limit-1])
		next = ptr(makeToken(map[string]any{"id": id}))
	}
	return ok(map[string]any{"count": len(rows), "total": total, "next_token": next, "results": rows})
}

// payIn records money coming in.
func (w *World) payIn(at time.Duration, usd float64, kind, service, text string) {
	n := int64(len(w.account.invoices) + 1)
	w.account.invoices = append(w.account.invoices, invoice{
		Start: math.Floor(w.epochSeconds(at)), Type: kind, Source: service, Description: text, Amount: usd,
		Metadata: map[string]any{"invoice_id": 7_400_000 + n, "service": service}, Items: []any{},
		id: 7_400_000 + n, service: service,
	})
}

// cardPayment is how a top-up reads.
func cardPayment(last4 int) string { return fmt.Sprintf("Manual Billing from VISA ...%04d", last4) }
