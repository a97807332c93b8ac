package account

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// logged is one line of the audit log: what the server noted, what the journal of this
// machine tells, or both.
type logged struct {
	key   string
	at    time.Time
	route string // as the server names it; of an entry of the journal alone, its request
	args  string // in one line
	ip    string
	keyID int64
	noted *vastapi.AuditEntry // nil = only the journal of this machine tells of it
	ours  *rental.Past        // nil = this program has not made it, as far as its journal tells

	who   string // "this program", "this key elsewhere", "another key", …
	name  string // what the key is called, "" = not known
	away  bool   // from another address than what this program has sent
	class theme.Class
}

// Who made an entry, in words.
const (
	byUs        = "this program"
	byJournal   = "not in the log" // only the journal of this machine tells of it
	byThisKey   = "this key"       // but not through this program, or not from this machine
	byElsewhere = "this key elsewhere"
	byOther     = "another key"
	byGone      = "a key that is gone"
	byNobody    = "no key is told"
	byAnyone    = "some key" // it is not known which one this run has
)

// whoWords are the same in one word, for the query.
var whoWords = map[string]string{
	byUs: "us", byJournal: "journal", byThisKey: "key", byElsewhere: "elsewhere", byOther: "other", byGone: "gone", byNobody: "nobody",
}

// origin is what is known of the keys when entries are attributed.
type origin struct {
	current int64            // the id of this run's key, 0 = not known
	names   map[int64]string // of the account's keys; nil = they have not been read
}

// entries makes the rows of a log and of the journal: those that both know are one.
// It is pure. ahead is by how much the server's clock is ahead; the operations that
// the log should know and does not are added, as far back as it reaches.
func entries(log []vastapi.AuditEntry, past []rental.Past, o origin, ahead time.Duration, read time.Time) []*logged {
	rows := make([]*logged, 0, len(log))
	twins := map[string]int{}
	for n := range log {
		x := &log[n]
		e := &logged{at: x.At, route: x.Route.String(), args: argsText(x.Args), ip: x.IP.String(), keyID: x.Key, noted: x}
		e.key = strings.Join([]string{strconv.FormatInt(x.At.UnixNano(), 36), strconv.FormatInt(x.Key, 10), e.route, e.args}, "/")
		if twins[e.key]++; twins[e.key] > 1 {
			e.key += "/" + strconv.Itoa(twins[e.key])
		}
		rows = append(rows, e)
	}
	alone := match(rows, past, ahead)
	home := addresses(rows)
	for _, e := range rows {
		o.attribute(e, home)
	}
	from := time.Time{}
	if len(log) > 0 {
		from = log[len(log)-1].At
	}
	for n := range alone {
		p := &alone[n]
		// What was sent just before the log was read may not be in it yet.
		if at := p.Op.Sent; len(log) > 0 && at.Add(ahead).After(from) && at.Before(read.Add(-5*slack)) {
			rows = append(rows, &logged{
				key: "op/" + p.Op.ID, at: at.Add(ahead), route: requestOf(p.Op), ours: p, who: byJournal, class: theme.Plain,
			})
		}
	}
	return rows
}

// addresses are those that entries of this program came from.
func addresses(rows []*logged) map[string]bool {
	home := map[string]bool{}
	for _, e := range rows {
		if e.ours != nil && e.ip != "" {
			home[e.ip] = true
		}
	}
	return home
}

// attribute says in words who made an entry.
func (o origin) attribute(e *logged, home map[string]bool) {
	name, listed := o.names[e.keyID]
	e.name, e.away = name, e.ip != "" && len(home) > 0 && !home[e.ip]
	switch {
	case e.ours != nil:
		e.who, e.class = byUs, theme.Good
		return
	case e.keyID == 0:
		e.who, e.class = byNobody, theme.Dim
	case o.current != 0 && e.keyID == o.current && e.away:
		e.who, e.class = byElsewhere, theme.Warn
	case o.current != 0 && e.keyID == o.current:
		e.who, e.class = byThisKey, theme.Plain
	case o.names != nil && !listed:
		e.who, e.class = byGone, theme.Warn
	case o.current == 0:
		e.who, e.class = byAnyone, theme.Plain
	default:
		e.who, e.class = byOther, theme.Warn
	}
}

// address is where the request came from, marked when this program was elsewhere.
func (e *logged) address() (string, theme.Class) {
	if e.away {
		return "▲ " + e.ip, theme.Warn
	}
	return figure.Text(e.ip), theme.Plain
}

// requestOf is what an operation asked for.
func requestOf(op rental.Op) string {
	step, known := op.Step()
	if !known {
		return word(op.Verb)
	}
	path, _, _ := strings.Cut(step.Call.Path(), "?")
	return step.Call.Method() + " " + path
}

// word is a verb of the journal; a file can hold any.
func word(s string) string { return safetext.Clean(s, 24) }

// argsText are arguments in one line.
func argsText(args []vastapi.AuditArg) string {
	parts := make([]string, len(args))
	for n, a := range args {
		parts[n] = a.Name.String() + "=" + a.Value.String()
	}
	return strings.Join(parts, " ")
}

// plan is what the entry was made by, "" when it was not by a plan of ours.
func (e *logged) plan() string {
	if e.ours == nil {
		return ""
	}
	return word(e.ours.Op.Verb)
}

// target is what of this machine's journal the entry is about.
func (e *logged) target() string {
	if e.ours == nil {
		return ""
	}
	switch op := e.ours.Op; {
	case op.Instance() != 0:
		return "instance " + op.Instance().String()
	case op.Subject.Volume != 0:
		return "volume " + op.Subject.Volume.String()
	case op.Subject.Offer != 0:
		return "offer " + op.Subject.Offer.String()
	case op.APIKey != 0:
		return strconv.FormatInt(op.APIKey, 10)
	case op.About != "":
		return safetext.Clean(op.About, vastapi.MaxKeyName)
	}
	return ""
}

func (e *logged) keyText() string {
	if e.keyID == 0 {
		return figure.Unknown
	}
	return strconv.FormatInt(e.keyID, 10)
}

// auditColumns are the columns of the log. What others have written stands last.
func auditColumns() []table.Column[*logged] {
	plan := func(e *logged) string { return strings.TrimSpace(e.plan() + " " + e.target()) }
	return []table.Column[*logged]{
		{ID: "at", Title: "When", Min: 15, Ideal: 16, Desc: true, Num: func(e *logged) float64 { return seconds(e.at) },
			Cell: func(e *logged) (string, theme.Class) { return clock(e.at), theme.Dim }},
		{ID: "who", Title: "Who", Min: 20, Ideal: 20, Str: func(e *logged) string { return e.who },
			Cell: func(e *logged) (string, theme.Class) { return e.glyph() + " " + e.who, e.class }},
		{ID: "plan", Title: "Plan", Min: 14, Ideal: 22, Priority: 3, Str: plan,
			Cell: func(e *logged) (string, theme.Class) { return figure.Text(plan(e)), theme.Accent }},
		{ID: "key", Title: "Key", Min: 7, Ideal: 8, Right: true, Priority: 5, Desc: true, Num: func(e *logged) float64 { return idOf(e.keyID) },
			Cell: func(e *logged) (string, theme.Class) { return e.keyText(), theme.Dim }},
		{ID: "ip", Title: "Address", Min: 15, Ideal: 17, Priority: 4, Str: func(e *logged) string { return e.ip }, Cell: (*logged).address},
		{ID: "route", Title: "Request", Min: 18, Ideal: 36, Flex: 2, Str: func(e *logged) string { return e.route },
			Cell: func(e *logged) (string, theme.Class) { return figure.Text(e.route), theme.Strong }},
		{ID: "args", Title: "With", Min: 14, Ideal: 30, Flex: 3, Priority: 6, Str: func(e *logged) string { return e.args },
			Cell: func(e *logged) (string, theme.Class) { return figure.Text(e.args), theme.Dim }},
	}
}

// glyph says the same as the colour.
func (e *logged) glyph() string {
	switch e.class {
	case theme.Good:
		return "●"
	case theme.Warn:
		return "▲"
	}
	return "○"
}

// auditLanguage is what can be asked of the log.
var auditLanguage = offerql.NewRows([]offerql.Column[logged]{
	{Name: "who", Help: "who made it", Values: []string{"us", "journal", "key", "elsewhere", "other", "gone", "nobody"}, Text: func(e *logged) string { return whoWords[e.who] }},
	{Name: "by", Help: "who made it, as the list says it", Words: true, Text: func(e *logged) string { return e.who }},
	{Name: "plan", Aliases: []string{"verb"}, Help: "the verb of the plan of this program that made it", Words: true, Text: (*logged).plan},
	{Name: "route", Aliases: []string{"request", "path"}, Help: "what was asked for", Words: true, Text: func(e *logged) string { return e.route }},
	{Name: "args", Aliases: []string{"with"}, Help: "what was asked for, the arguments", Words: true, Text: func(e *logged) string { return e.args }},
	{Name: "ip", Aliases: []string{"address"}, Help: "where the request came from", Words: true, Text: func(e *logged) string { return e.ip }},
	{Name: "key", Help: "id of the API key", Words: true, Num: func(e *logged) float64 { return idOf(e.keyID) }},
	{Name: "key_name", Aliases: []string{"name"}, Help: "what the API key is called", Words: true, Text: func(e *logged) string { return e.name }},
	{Name: "id", Aliases: []string{"instance", "object"}, Help: "an id that the request names", List: (*logged).objects},
	{Name: "away", Help: "from another address than what this program has sent", Flag: func(e *logged) vastapi.Flag { return vastapi.FlagOf(e.away) }},
	{Name: "ours", Help: "the journal of this machine knows it", Flag: func(e *logged) vastapi.Flag { return vastapi.FlagOf(e.ours != nil) }},
}, map[string]string{"user": "who", "host": "ip", "operation": "plan", "method": "route"}, nil)

// AuditFields are what a query of the audit log can name, for the documents.
func AuditFields() []offerql.Field { return auditLanguage.Fields() }

func (e *logged) objects() []string {
	var ids []string
	if e.noted != nil {
		for _, id := range e.noted.Objects {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
	}
	if e.ours != nil {
		if id := e.ours.Op.Instance(); id != 0 && !slices.Contains(ids, id.String()) {
			ids = append(ids, id.String())
		}
	}
	return ids
}

// clock is a time as it is read on a wall; nobody asks a year later.
func clock(t time.Time) string {
	if t.IsZero() {
		return figure.Unknown
	}
	return t.Local().Format("Jan 02 15:04:05")
}

// seconds is what times are ordered by; unknown ones come last.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return vastapi.Unknown[float64]()
	}
	return float64(t.UnixMilli())
}

func idOf(id int64) float64 {
	if id <= 0 {
		return vastapi.Unknown[float64]()
	}
	return float64(id)
}
