package vastsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// errGone ends a read whose client has gone away.
var errGone = errors.New("client went away")

// Kind names a way in which a call goes wrong.
type Kind string

// The kinds of faults. "Commit" is the moment the call takes effect.
const (
	Latency         Kind = "latency"          // commits on arrival, the answer is held back for Delay
	Status          Kind = "status"           // refused with Fault.Status and Fault.Body before the commit
	Reset           Kind = "reset"            // the connection breaks before the commit
	LostAnswer      Kind = "lost-answer"      // commits, then the connection breaks
	LateCommit      Kind = "late-commit"      // the connection breaks, the commit happens Delay later
	Truncate        Kind = "truncate"         // commits, the JSON ends in the middle
	SlowDrip        Kind = "slow-drip"        // commits, the body comes 64 bytes at a time, Delay apart
	HugeBody        Kind = "huge-body"        // commits, 256 MiB of white space follow the JSON
	LyingFilter     Kind = "lying-filter"     // filters of searches and lists are ignored
	CappedDisk      Kind = "capped-disk"      // a create gets half the disk it asked for, and no word about it
	SilentOnDemand  Kind = "silent-on-demand" // the bid of a create is not heeded: on demand, at that price
	Vanish          Kind = "vanish"           // the offer a create names is taken by somebody else at that moment
	DroppedRows     Kind = "dropped-rows"     // every third row of a list is missing
	AbsurdPrices    Kind = "absurd-prices"    // of three rows of a list one has negative prices, one enormous ones
	NullFields      Kind = "null-fields"      // a third of the fields of each row are null
	StringNumbers   Kind = "string-numbers"   // the numbers of each row are strings
	NaN             Kind = "nan"              // some numbers are the tokens NaN, Infinity or -Infinity
	BadRow          Kind = "bad-row"          // the middle row of a list cannot be decoded
	DuplicateOffers Kind = "duplicate-offers" // every row of a list comes twice
	ClockSkew       Kind = "clock-skew"       // the Date header is Delay ahead (10 minutes when 0)
	InstancesNull   Kind = "instances-null"   // "instances" is null
	PortsNull       Kind = "ports-null"       // "ports" is null in every row
)

// kinds lists what ParseFault knows by name.
var kinds = []Kind{
	Latency, Status, Reset, LostAnswer, LateCommit, Truncate, SlowDrip, HugeBody, LyingFilter, CappedDisk,
	SilentOnDemand, Vanish, DroppedRows, AbsurdPrices,
	NullFields, StringNumbers, NaN, BadRow, DuplicateOffers, ClockSkew, InstancesNull, PortsNull,
}

// Bodies for Status faults that the service has been documented or seen to send.
const (
	BodyLimitedText   = "API requests too frequent: endpoint threshold=1.0"
	BodyLimitedDetail = `{"detail":"API requests too frequent endpoint threshold=4.5"}`
	BodyGateway       = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)

// Fault is something that will go wrong with matching calls.
type Fault struct {
	Method string // "" matches any
	Path   string // prefix of the path; "" matches any
	Kind   Kind
	After  int           // how many matching calls go well first
	Times  int           // how many go wrong; 0 means all from then on
	Delay  time.Duration // real time; meaning depends on Kind
	Status int           // of Kind Status; 0 means 500
	Body   string        // of Kind Status; "" means the service's usual one
	Field  string        // of the kinds that change the shape of rows; see RenameField
}

type armedFault struct {
	Fault
	seen, used int
}

// Fault arms f. The function it returns takes the fault back.
func (w *World) Fault(f Fault) (remove func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	armed := &armedFault{Fault: f}
	w.faults = append(w.faults, armed)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.faults = slices.DeleteFunc(w.faults, func(x *armedFault) bool { return x == armed })
	}
}

// ParseFault reads KIND:METHOD:PATH[:DELAY], the form cmd/vastsim takes. KIND is
// a name of this package (those that change the shape of rows as KIND=FIELD) or an HTTP status (with "detail" behind 429 for the
// JSON body); METHOD and PATH may be empty. A KIND that is unknown, a bad DELAY
// or too few parts are errors.
func ParseFault(s string) (Fault, error) {
	parts := strings.Split(s, ":")
	if len(parts) < 3 || len(parts) > 4 {
		return Fault{}, fmt.Errorf("parse fault %q: want KIND:METHOD:PATH[:DELAY]", s)
	}
	f := Fault{Kind: Kind(strings.ToLower(parts[0])), Method: strings.ToUpper(parts[1]), Path: parts[2]}
	var code int
	if kind, field, is, err := parseDrift(parts[0]); err != nil {
		return Fault{}, fmt.Errorf("parse fault %q: %w", s, err)
	} else if is {
		f.Kind, f.Field = kind, field
	} else if name, detail := strings.CutSuffix(parts[0], "detail"); !slices.Contains(kinds, f.Kind) {
		if _, err := fmt.Sscanf(name, "%d", &code); err != nil || code < 100 || code > 599 {
			return Fault{}, fmt.Errorf("parse fault %q: unknown kind %q", s, parts[0])
		}
		f.Kind, f.Status = Status, code
		if detail {
			f.Body = BodyLimitedDetail
		}
	}
	if len(parts) == 4 {
		d, err := time.ParseDuration(parts[3])
		if err != nil {
			return Fault{}, fmt.Errorf("parse fault %q: %w", s, err)
		}
		f.Delay = d
	}
	return f, nil
}

// due picks the faults that strike q and counts the call for all that match.
func (w *World) due(q *request) []Fault {
	var out []Fault
	for _, f := range w.faults {
		if f.Method != "" && f.Method != q.method || !strings.HasPrefix(q.path, f.Path) {
			continue
		}
		f.seen++
		if f.seen <= f.After || f.Times > 0 && f.used >= f.Times {
			continue
		}
		f.used++
		out = append(out, f.Fault)
	}
	return out
}

// withFaults answers q with everything that goes wrong with it.
func (w *World) withFaults(q *request) answer {
	faults := w.due(q)
	var hold time.Duration
	for _, f := range faults {
		switch f.Kind {
		case Latency:
			hold += f.Delay
		case LyingFilter:
			q.lies = true
		case CappedDisk:
			q.caps = true
		case SilentOnDemand:
			q.plain = true
		case Vanish:
			q.late = true
		}
	}
	for _, f := range faults {
		switch f.Kind {
		case Status:
			a := f.refusal()
			a.hold = hold
			return a
		case Reset:
			return answer{broken: true, hold: hold}
		case LateCommit:
			wait := time.Duration(float64(f.Delay) * w.cfg.speed)
			w.late = append(w.late, lateCommit{w.clock + wait, q})
			return answer{broken: true, hold: hold}
		}
	}
	a := w.respond(q)
	a.hold = hold
	for _, f := range faults {
		a = f.spoil(a)
	}
	return a
}

// lateCommit is a call whose connection is long gone.
type lateCommit struct {
	at time.Duration
	q  *request
}

func (w *World) commitLate(i int) {
	q := w.late[i].q
	w.late = slices.Delete(w.late, i, i+1)
	w.respond(q)
}

// refusal is the answer of a Status fault.
func (f Fault) refusal() answer {
	status, text := f.Status, f.Body
	if status == 0 {
		status = 500
	}
	if text == "" {
		switch {
		case status == http.StatusTooManyRequests:
			text = BodyLimitedText
		case status == http.StatusUnauthorized, status == http.StatusForbidden:
			text = `{"success":false,"error":"auth_error","msg":"Invalid user key"}`
		case status >= 500:
			text = strings.ReplaceAll(BodyGateway, "502 Bad Gateway", fmt.Sprintf("%d %s", status, http.StatusText(status)))
		default:
			text = `{"success":false,"error":"invalid_args","msg":"` + http.StatusText(status) + `"}`
		}
	}
	kind := "text/plain; charset=utf-8"
	switch strings.TrimSpace(text)[:1] {
	case "{", "[":
		kind = "application/json"
	case "<":
		kind = "text/html"
	}
	return answer{status: status, kind: kind, body: []byte(text)}
}

// spoil changes a finished answer.
func (f Fault) spoil(a answer) answer {
	switch f.Kind {
	case LostAnswer:
		return answer{broken: true, hold: a.hold}
	case Truncate:
		a.body = a.body[:len(a.body)/2]
	case SlowDrip:
		if a.drip = f.Delay; a.drip <= 0 {
			a.drip = time.Second
		}
	case HugeBody:
		a.pad = 256 << 20
	case ClockSkew:
		ahead := f.Delay
		if ahead == 0 {
			ahead = 10 * time.Minute
		}
		a.header = map[string]string{"Date": time.Now().Add(ahead).UTC().Format(http.TimeFormat)}
	case NullFields, StringNumbers, NaN, BadRow, DuplicateOffers, DroppedRows, AbsurdPrices, InstancesNull, PortsNull,
		RenameField, AddField, DropField, WordsField:
		a.body = f.garble(a.body)
	}
	return a
}

// garble decodes an answer, changes its rows and encodes it again.
func (f Fault) garble(raw []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return raw
	}
	if top, isObject := v.(map[string]any); isObject {
		if slices.Contains(driftKinds, f.Kind) && !holdsRows(top) {
			f.drift(top) // an answer about one thing
		}
		for key, inner := range top {
			top[key] = f.garbleField(key, inner)
		}
	} else if list, isList := v.([]any); isList {
		v = f.garbleList(list)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	for _, token := range oddTokens {
		out = bytes.ReplaceAll(out, []byte(`"`+oddMark+token+`"`), []byte(token))
	}
	return out
}

func (f Fault) garbleField(key string, inner any) any {
	if f.Kind == InstancesNull {
		if key == "instances" {
			return nil
		}
		return inner
	}
	switch x := inner.(type) {
	case []any:
		return f.garbleList(x)
	case map[string]any:
		if key == "instances" {
			return f.garbleRow(0, x)
		}
	}
	return inner
}

func (f Fault) garbleList(list []any) []any {
	switch f.Kind {
	case BadRow:
		if len(list) > 0 {
			list[len(list)/2] = map[string]any{"id": []any{"no", "number"}, "num_gpus": "two", "gpu_name": 7}
		}
		return list
	case DroppedRows:
		left := []any{}
		for i, x := range list {
			if i%3 != 2 {
				left = append(left, x)
			}
		}
		return left
	case DuplicateOffers:
		twice := make([]any, 0, 2*len(list))
		for _, x := range list {
			twice = append(twice, x, x)
		}
		return twice
	}
	for i, x := range list {
		if row, isObject := x.(map[string]any); isObject {
			list[i] = f.garbleRow(i, row)
		}
	}
	return list
}

// oddTokens are numbers that JSON does not have and Python writes all the same.
var oddTokens = []string{"NaN", "Infinity", "-Infinity"}

const oddMark = "\u2063vastsim:"

// oddFields are numbers that a broken machine could report like that.
var oddFields = []string{
	"dlperf", "dlperf_per_dphtotal", "flops_per_dphtotal", "score", "gpu_util", "gpu_temp", "inet_up",
	"disk_usage", "reliability2", "cpu_ghz",
}

// priceFields are what AbsurdPrices changes.
var priceFields = []string{"dph_base", "dph_total", "min_bid", "discounted_dph_total", "storage_cost", "inet_up_cost", "inet_down_cost"}

func (f Fault) garbleRow(i int, row map[string]any) map[string]any {
	switch f.Kind {
	case RenameField, AddField, DropField, WordsField:
		f.drift(row)
	case PortsNull:
		row["ports"] = nil
	case AbsurdPrices:
		for _, k := range priceFields {
			if n, isNumber := row[k].(json.Number); isNumber {
				row[k] = absurd(i, n)
			}
		}
	case StringNumbers:
		for k, v := range row {
			if n, isNumber := v.(json.Number); isNumber {
				row[k] = n.String()
			}
		}
	case NullFields:
		for k := range row {
			if k != "id" && k != "ask_contract_id" && mix(uint64(i)*131+uint64(len(k))*7+uint64(k[0]))%3 == 0 {
				row[k] = nil
			}
		}
	case NaN:
		for j, k := range oddFields {
			if _, isNumber := row[k].(json.Number); isNumber && (i+j)%4 == 0 {
				row[k] = oddMark + oddTokens[(i+j)/4%len(oddTokens)]
			}
		}
	}
	return row
}

// absurd makes a price one that cannot be meant, in two rows of three.
func absurd(row int, price json.Number) any {
	x, err := price.Float64()
	switch {
	case err != nil || row%3 == 2:
		return price
	case row%3 == 0:
		return -x - 0.01
	}
	return x*1e6 + 1e6
}
