package offerql

import (
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// Official is a search as the official command line writes it:
//
//	vastai search offers 'num_gpus>=2 dph<0.6' -o 'dph_total,score-' -t bid --storage 40
//
// The zero Official is "vastai search offers".
type Official struct {
	Query     Query              // as written, without the client's defaults
	NoDefault bool               // -n: the client adds no defaults
	Order     [][2]string        // -o, nil = not said: the client sorts by score, descending
	Kind      vastapi.RentalType // -t, -i, -b, -d, -r; "" = not said: on-demand
	Volumes   bool               // search volumes
	Storage   vastapi.GB         // --storage, 0 = not said: 5 GB, for volumes 1 GB
	Limit     int                // --limit, 0 = not said: 64 rows
	Ignored   []string           // options that change nothing about the search, without their values
}

// Filter is the filter that the line asks with, the client's defaults included.
func (o Official) Filter() vastapi.Filter { return o.Query.Filter(!o.NoDefault) }

// Market is the query to type in the market view to find the same offers: what
// the view would add and the line does not have is "any" in it.
func (o Official) Market() Query {
	q := o.Query
	for _, c := range o.Query.Chips() {
		if c.On && (o.NoDefault || !isClientDefault(c.term, o.Volumes)) {
			q = q.Without(c.Field)
		}
	}
	return q
}

func isClientDefault(t term, volumes bool) bool {
	for _, def := range clientDefaults(volumes) {
		if def.field == t.field {
			return true
		}
	}
	return false
}

// officialOption is one option of "search offers" or of every verb.
type officialOption struct {
	long, short string
	takes       bool // has a value
	offers      bool // not for volumes
	set         func(o *Official, value string) string
}

// kindFlag are the options that stand for a type.
func kindFlag(long, short string, kind vastapi.RentalType) officialOption {
	return officialOption{long: long, short: short, offers: true, set: func(o *Official, _ string) string { o.Kind = kind; return "" }}
}

// officialOptions are those of the official client (vast-cli,
// vastai/cli/commands/offers.py and volumes.py). What has no set changes only
// where the question goes or how the answer is printed.
var officialOptions = []officialOption{
	{long: "--no-default", short: "-n", set: func(o *Official, _ string) string { o.NoDefault = true; return "" }},
	{long: "--type", short: "-t", takes: true, offers: true, set: setKind},
	kindFlag("--interruptible", "-i", vastapi.Interruptible), kindFlag("--bid", "-b", vastapi.Interruptible),
	kindFlag("--on-demand", "-d", vastapi.OnDemand), kindFlag("--reserved", "-r", vastapi.Reserved),
	{long: "--storage", takes: true, set: setStorage},
	{long: "--limit", takes: true, set: setLimit},
	{long: "--order", short: "-o", takes: true}, // read apart, for its columns
	{long: "--api-key", takes: true}, {long: "--url", takes: true}, {long: "--retry", takes: true},
	{long: "--raw"}, {long: "--full"}, {long: "--explain"}, {long: "--curl"}, {long: "--no-color"},
	{long: "--new", offers: true}, {long: "--disable-bundling", offers: true},
}

func setKind(o *Official, value string) string {
	switch value {
	case "on-demand", "ondemand", "ask":
		o.Kind = vastapi.OnDemand
	case "bid", "interruptible":
		o.Kind = vastapi.Interruptible
	case "reserved":
		o.Kind = vastapi.Reserved
	default:
		return "the type of a search is on-demand, bid or reserved"
	}
	return ""
}

func setStorage(o *Official, value string) string {
	v, ok := readNumber(value)
	if !ok || v <= 0 || v > 1e6 {
		return "--storage is a number of GB above 0"
	}
	o.Storage = vastapi.GB(v)
	return ""
}

func setLimit(o *Official, value string) string {
	v, err := strconv.Atoi(value)
	if err != nil || v <= 0 || v > 1e6 {
		return "--limit is a whole number above 0"
	}
	o.Limit = v
	return ""
}

// maxLine is the longest line that is read: a query, and room for the rest.
const maxLine = 2 * maxQuery

// IsOfficial reports whether text looks like a line of the official client that
// searches for offers or volumes, whole or not. It is quick: for every paste.
func IsOfficial(text string) bool {
	if len(text) > maxLine || !strings.Contains(text, "search") {
		return false
	}
	words := strings.Fields(withoutPrompt(text))
	at := programAt(len(words), func(i int) string { return words[i] })
	if at < 0 {
		return false
	}
	for _, w := range words[at+1:] {
		if w == "search" {
			return true
		}
		if !strings.HasPrefix(w, "-") && !strings.HasPrefix(words[at+1], "-") {
			return false
		}
	}
	return false
}

// withoutPrompt takes the sign away that a shell shows before a line.
func withoutPrompt(text string) string {
	text = strings.TrimSpace(text)
	for _, prompt := range []string{"$ ", "% ", "> ", "# ", "❯ "} {
		if rest, ok := strings.CutPrefix(text, prompt); ok {
			return strings.TrimSpace(rest)
		}
	}
	return text
}

// programAt is the index of the word that names the official client, behind
// variables and what starts it; -1 when the line begins with another program.
func programAt(n int, word func(int) string) int {
	for i := range min(n, 8) {
		w := word(i)
		base := strings.TrimSuffix(w[strings.LastIndexAny(w, `/\`)+1:], ".exe")
		switch base {
		case "vast", "vastai", "vast.py", "vast-ai":
			return i
		case "python", "python3", "py", "uvx", "uv", "pipx", "run", "-m":
			continue
		}
		if name, _, ok := strings.Cut(w, "="); !ok || name == "" || strings.ToUpper(name) != name {
			return -1
		}
	}
	return -1
}
