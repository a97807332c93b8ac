package activity

import (
	"strings"
	"time"

	"vastdeck/tui/copying"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// openCopies shows what can be copied of a row in place of the list.
func (m *Model) openCopies(r *row) view.Effect {
	key := r.key
	title := heading(r)
	menu := copying.Menu("Copy of "+strings.ToLower(title[:1])+title[1:], "it is not listed any more", func(env view.Env) *copying.Lines {
		r, there := m.table.Get(key)
		if !there {
			return nil
		}
		return copies(env, r)
	})
	m.menu = &menu
	return view.Effect{}
}

// menuActions are what keys do while the copy menu is open.
func (m *Model) menuActions(env view.Env) []view.Action {
	return append(m.menu.Actions(env, group, m.closeMenu), view.Action{
		Key: view.Bind("esc", "back", "esc"), Group: group, Do: func() view.Effect { m.closeMenu(); return view.Effect{} },
	})
}

func (m *Model) closeMenu() { m.menu = nil }

// page is what stands in place of the list, nil = the list.
func (m *Model) page() any {
	if m.menu == nil {
		return nil
	}
	return m.menu
}

// copies are what can be copied of a row.
func copies(env view.Env, r *row) *copying.Lines {
	l := &copying.Lines{}
	l.Add("s", "sentence", sentence(r), "the sentence")
	if r.kind == event {
		l.Need("i", "instance", copying.ID(r.event.Instance), "the instance's id", "it is about no instance")
		l.Need("m", "machine", copying.ID(r.event.Machine), "the machine's id", "it is about no machine")
		l.Need("f", "search", safetext.Clean(r.event.Query, 4096), "the search", "it is about no search")
		l.Make("J", "JSON", "the event under plain names", "the event as JSON", func() string { return copying.JSON(eventFields(r)) })
		return l
	}
	l.Need("i", "instance", copying.ID(r.subject()), "the instance's id", "no instance is known of it")
	l.Need("o", "offer", copying.ID(r.op.Subject.Offer), "the offer's id", "it is about no offer")
	l.Need("m", "machine", copying.ID(r.op.Subject.Machine), "the machine's id", "no machine is known of it")
	l.Need("n", "name", r.op.Name(), "the name", "it gives none")
	official, curl, what := requests(env, r)
	l.Need("v", "vastai line", official, what, noCopy(r))
	l.Need("c", "curl", curl, what, noCopy(r))
	l.Need("d", "id", safetext.Clean(r.op.ID, 80), "the id of the operation", "it has none")
	l.Need("p", "plan", safetext.Clean(r.op.Plan, 80), "the id of the plan", "it has none")
	l.Make("J", "JSON", "what the journal keeps of it: neither scripts nor values of variables are in it", "the entry of the journal as JSON", func() string { return copying.JSON(fieldsOf(r)) })
	return l
}

// subject is the instance that a row is about, 0 = none.
func (r *row) subject() vastapi.InstanceID {
	if r.kind == orphan {
		return r.stray.Instance
	}
	return r.op.Instance()
}

// requests are the operation as a line of the official client and as a call of curl, of an orphan those that destroy
// it; what names them.
func requests(env view.Env, r *row) (official, curl, what string) {
	step, known := r.op.Step()
	official, _ = r.op.Official()
	what = "the request, which is not carried out,"
	if r.kind == orphan {
		step, known = destroying(r), true
		official, what = step.Official(), "what destroys it, which is not carried out,"
	}
	if !known {
		return "", "", what
	}
	if len(r.op.Lacks()) > 0 && r.kind != orphan {
		what = "the request, without what the journal does not keep,"
	}
	return official, step.Curl(env.Load.BaseURL()), what
}

// destroying is the step that destroys an orphan.
func destroying(r *row) rental.Step {
	return rental.Step{Verb: "destroy", Call: vastapi.DestroyInstance{ID: r.stray.Instance}}
}

// sentence is a row in words: when, what, of what, how it stands, and what was said.
func sentence(r *row) string {
	parts := []string{moment(r.at), r.what}
	for _, text := range []string{r.target, r.op.Name(), r.state} {
		if text != "" && text != figure.Unknown {
			parts = append(parts, text)
		}
	}
	text := strings.Join(parts, " · ")
	if r.said != "" {
		text += ": " + r.said
	}
	return text
}

// moment is a time in UTC, in words when it is not known.
func moment(t time.Time) string {
	if t.IsZero() {
		return "at no known time"
	}
	return t.UTC().Format("2006-01-02 15:04:05") + " UTC"
}

// fieldsOf is what the journal keeps of an operation.
func fieldsOf(r *row) []copying.Field {
	op := r.op
	var moments []map[string]any
	for _, m := range r.moments {
		moments = append(moments, map[string]any{"at": copying.Stamp(m.At), "what": copying.Words(m.What), "said": copying.Words(m.Said)})
	}
	bid := any(nil)
	if op.Bid != nil {
		bid = float64(*op.Bid)
	}
	list := []copying.Field{
		{Name: "id", Value: copying.Words(op.ID)}, {Name: "plan", Value: copying.Words(op.Plan)}, {Name: "verb", Value: copying.Words(op.Verb)}, {Name: "state", Value: string(op.State)},
		{Name: "instance", Value: copying.Positive(r.subject())}, {Name: "offer", Value: copying.Positive(op.Subject.Offer)}, {Name: "machine", Value: copying.Positive(op.Subject.Machine)},
		{Name: "volume", Value: copying.Positive(op.Subject.Volume)}, {Name: "about", Value: copying.Words(op.About)}, {Name: "name", Value: copying.Words(op.Name())},
		{Name: "label", Value: copying.Words(op.Label)}, {Name: "token", Value: copying.Words(op.Token)}, {Name: "image", Value: copying.Words(op.Image)}, {Name: "disk_gb", Value: float64(op.Disk)},
		{Name: "bid", Value: bid}, {Name: "asked", Value: copying.Words(op.Asked)}, {Name: "hourly", Value: float64(r.effect)},
	}
	if r.kind == orphan {
		list = append(list, copying.Field{Name: "orphan", Value: r.said})
	}
	return append(list,
		copying.Field{Name: "intended", Value: copying.Stamp(op.Intended)}, copying.Field{Name: "sent", Value: copying.Stamp(op.Sent)},
		copying.Field{Name: "ended", Value: copying.Stamp(op.Ended)}, copying.Field{Name: "moments", Value: moments},
	)
}

// eventFields is an event of the run.
func eventFields(r *row) []copying.Field {
	e := r.event
	return []copying.Field{
		{Name: "at", Value: copying.Stamp(e.At)}, {Name: "kind", Value: copying.Words(e.Kind)}, {Name: "level", Value: r.state}, {Name: "text", Value: r.said},
		{Name: "instance", Value: copying.Positive(e.Instance)}, {Name: "machine", Value: copying.Positive(e.Machine)}, {Name: "search", Value: copying.Words(e.Query)},
	}
}
