package activity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// kind tells the rows apart.
type kind int

const (
	orphan kind = iota // an instance that no known rental made
	operation
	event
)

// row is one line of the list, worked out once per answer.
type row struct {
	key  string
	kind kind
	at   time.Time

	stray   rental.Stray
	op      rental.Op
	moments []rental.Moment
	event   feed.Event

	what   string       // "rent", "orphan", the kind of an event
	state  string       // "confirmed", "unknown", the level of an event
	effect vastapi.Rate // what it did to what the account is billed, $/h; NaN = not known or nothing
	target string       // ids only
	said   string       // what the server answered, or what was noticed; inert
}

func none() vastapi.Rate { return vastapi.Unknown[vastapi.Rate]() }

// rowsOf lists orphans, operations and events, orphans first, else the newest first.
func rowsOf(env view.Env, past []rental.Past, strays []rental.Stray) []*row {
	journal, events := env.Data.Journal.Value.Ops, env.Data.Events
	rows := make([]*row, 0, len(past)+len(events))
	for n := range past {
		rows = append(rows, operationRow(&past[n]))
	}
	twins := map[time.Time]int{} // events of one moment
	for _, e := range events {
		rows = append(rows, eventRow(twins[e.At], e))
		twins[e.At]++
	}
	slices.SortStableFunc(rows, func(a, b *row) int { return b.at.Compare(a.at) })
	top := make([]*row, 0, len(strays))
	for _, s := range strays {
		top = append(top, strayRow(env, s, journal.Moments(s.Op.ID)))
	}
	return append(top, rows...)
}

// billed is what the account pays for an instance now.
func billed(env view.Env, id vastapi.InstanceID) vastapi.Rate {
	i, there := env.Data.Instance(id)
	if !there {
		return none()
	}
	return pricing.Now(&i)
}

func strayRow(env view.Env, s rental.Stray, moments []rental.Moment) *row {
	return &row{
		key: "orphan/" + s.Instance.String(), kind: orphan, at: s.Op.When(), stray: s, op: s.Op, moments: moments, what: "orphan", state: "orphan", effect: billed(env, s.Instance),
		target: "instance " + s.Instance.String(), said: s.Why(),
	}
}

func operationRow(p *rental.Past) *row {
	op := p.Op
	r := &row{
		key: "op/" + op.ID, kind: operation, at: op.When(), op: op, moments: p.Moments,
		what: word(op.Verb), state: string(op.State), effect: p.Effect, target: targetOf(op),
	}
	if op.State == rental.OpIntended {
		r.state = "not sent"
	}
	if n := len(p.Moments); n > 0 {
		r.said = p.Moments[n-1].Said
	}
	return r
}

// word is a verb of the journal for the list; a file can hold any.
func word(s string) string { return safetext.Clean(s, 24) }

func targetOf(op rental.Op) string {
	var parts []string
	if op.Contract != 0 {
		return "instance " + op.Contract.String() // the offer stands in the detail
	}
	if op.Subject.Instance != 0 {
		parts = append(parts, "instance "+op.Subject.Instance.String())
	}
	if op.Subject.Offer != 0 {
		parts = append(parts, "offer "+op.Subject.Offer.String())
	}
	switch {
	case op.APIKey != 0:
		parts = append(parts, fmt.Sprintf("API key %d", op.APIKey))
	case op.About != "":
		parts = append(parts, safetext.Clean(op.About, vastapi.MaxKeyName))
	}
	if len(parts) == 0 {
		return "—"
	}
	return strings.Join(parts, ", ")
}

var levels = map[feed.EventLevel]string{feed.EventInfo: "noted", feed.EventGood: "good", feed.EventWarn: "attention", feed.EventBad: "alert"}

func eventRow(n int, e feed.Event) *row {
	target := "—"
	switch {
	case e.Instance != 0:
		target = "instance " + e.Instance.String()
	case e.Machine != 0:
		target = "machine " + e.Machine.String()
	case e.Query != "":
		target = "search"
	}
	return &row{
		key: fmt.Sprintf("event/%d/%d", e.At.UnixNano(), n), kind: event, at: e.At, event: e, what: word(e.Kind), state: levels[e.Level], effect: none(),
		target: target, said: safetext.Clean(e.Text, 400),
	}
}

// text is what a row is found by.
func (r *row) text() string {
	return strings.ToLower(strings.Join([]string{
		r.what, r.state, r.target, "offer " + r.op.Subject.Offer.String(), r.said, r.op.Name(), word(r.op.Plan), r.op.Token, safetext.Clean(r.op.Image, 200), safetext.Clean(r.event.Query, 200),
	}, "\x00"))
}

// open reports whether it is still being found out what became of it.
func (r *row) open() bool { return r.kind == operation && r.op.Open() }

// instance is the one that D would destroy: an orphan, or what a refused rent left behind.
func (r *row) instance() vastapi.InstanceID {
	switch {
	case r.kind == orphan:
		return r.stray.Instance
	case r.kind == operation && r.op.Verb == "rent" && r.op.Failed():
		return r.op.Contract
	}
	return 0
}

// pending says what is done about an open operation.
func pending(op rental.Op, now time.Time) string {
	next, believed := op.Search(now, rental.DefaultPolicy())
	words := "the account is read again in " + seconds(next)
	if !op.Deniable() {
		return words + "; no reading can show that it did not happen, so it is closed a day after it was sent"
	}
	if believed > 0 {
		return words + "; that it did not happen is believed after " + seconds(believed) + " without a trace"
	}
	return words + "; that it did not happen is believed once enough readings show it"
}

// seconds is d in whole seconds, in steps of five so that the line seldom changes.
func seconds(d time.Duration) string {
	n := int((d + 5*time.Second - 1) / (5 * time.Second) * 5)
	if n == 0 {
		return "a moment"
	}
	return fmt.Sprintf("%d s", n)
}

// asked is the form that a rent was made with, as far as it is known: the form
// remembered for it, else what the journal keeps. Values never kept are empty.
func asked(env view.Env, op rental.Op) feed.RentSpec {
	spec := feed.RentSpec{
		At: op.Intended, Image: safetext.Clean(op.Image, 400), Disk: op.Disk, Name: op.Name(), Kind: vastapi.OnDemand,
		Bid: vastapi.Unknown[vastapi.Rate](), Machine: op.Subject.Machine,
	}
	if op.Bid != nil {
		spec.Kind, spec.Bid = vastapi.Interruptible, *op.Bid
	}
	for _, f := range env.Data.Memory.RentForms {
		if f.Image == spec.Image && f.Disk == spec.Disk && f.Name == spec.Name && (f.Machine == 0 || f.Machine == spec.Machine) {
			f.Kind, f.Bid, f.Machine = spec.Kind, spec.Bid, spec.Machine
			return f
		}
	}
	return spec
}
