package volumes

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// The fields of the form, and what it is called with a number behind it.
const (
	fSize    = "size"
	fName    = "name"
	sizeForm = "volume size"
)

// site is where a volume is to be made, and of what.
type site struct {
	offer vastapi.Offer
	at    time.Time       // when it was read
	src   *vastapi.Volume // that is copied there, nil = a new one
	form  string
}

// waiting is a plan that waits for its place to be read again.
type waiting struct {
	site site
	v    view.Values
}

// openForm asks for name and size of a volume at the place under the cursor.
func (m *Model) openForm(env view.Env, p *placesPage) view.Effect {
	o, ok := p.table.Cursor()
	if !ok {
		return view.Effect{}
	}
	m.asked++
	s := site{offer: *o, at: p.at, src: p.src, form: "volume/" + strconv.Itoa(m.asked)}
	return view.Do(view.Ask{Form: m.form(env, s, p.size)})
}

func (m *Model) form(env view.Env, s site, wanted vastapi.GB) view.Form {
	o, desk := &s.offer, env.Desk
	f := view.Form{
		ID: s.form, Title: "New volume on machine " + o.MachineID.String(), Button: "Continue to the plan…", Busy: "reading the price again…",
		Intro: []view.Pair{
			{Label: "place", Value: fmt.Sprintf("offer %s on machine %s, host %s", o.ID, o.MachineID, o.HostID)},
			{Label: "region", Value: place(o.Geolocation.String())},
			{Label: "a GB", Value: perMonth(float64(o.StorageCost)) + " a month"},
		},
		Panel:  func(v view.Values) []view.Pair { return panel(s, v, desk) },
		Sum:    func(v view.Values) string { return sum(s, v) },
		Check:  func(v view.Values) map[string]string { return s.check(v) },
		Submit: func(env view.Env, v view.Values) view.Effect { return m.plan(env, s, v) },
	}
	help := fmt.Sprintf("there is room for %s; the size is fixed for good", size(o.DiskSpace))
	if s.src == nil {
		f.Fields = []view.Field{{Key: fName, Label: "name", Limit: 64, Help: "optional; letters, digits and _. It is what is typed to delete it"}}
	} else {
		f.Title = fmt.Sprintf("Copy volume %s to machine %s", s.src.ID, o.MachineID)
		f.Intro = append([]view.Pair{{Label: "source", Value: fmt.Sprintf("volume %s, %s, on machine %s", s.src.ID, size(s.src.Size), s.src.MachineID)}}, f.Intro...)
		help = fmt.Sprintf("at least %s, what is copied has that; %s", size(s.src.Size), help)
	}
	f.Fields = append(f.Fields, view.Field{Key: fSize, Label: "size", Value: plainGB(wanted), Unit: "GB", Limit: 12, Help: help})
	return f
}

// plainGB is a size as it is typed.
func plainGB(gb vastapi.GB) string { return strconv.FormatFloat(float64(gb), 'f', -1, 64) }

// typedGB reads a size in GB or TB; NaN when it is none.
func typedGB(text string) vastapi.GB {
	text, factor := strings.ToLower(strings.TrimSpace(text)), 1.0
	if rest, ok := strings.CutSuffix(text, "tb"); ok {
		text, factor = rest, 1000
	}
	text = strings.TrimSuffix(text, "gb")
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsInf(v, 0) {
		return vastapi.Unknown[vastapi.GB]()
	}
	return vastapi.GB(v * factor)
}

// mostSize is the largest size that makes sense; what is above is a slip of the finger.
const mostSize = 1_000_000 // GB

// checkSize says what is wrong with a size, or "".
func checkSize(gb vastapi.GB) string {
	switch {
	case !(gb >= 1) || gb > mostSize || float64(gb) != math.Trunc(float64(gb)):
		return "a whole number of GB from 1 on, e.g. 50"
	}
	return ""
}

// check names what is wrong with the values.
func (s site) check(v view.Values) map[string]string {
	errs := map[string]string{}
	gb := typedGB(v[fSize])
	switch wrong := checkSize(gb); {
	case wrong != "":
		errs[fSize] = wrong
	case s.src != nil && gb < s.src.Size:
		errs[fSize] = "a copy has at least the size of what is copied: " + size(s.src.Size)
	case gb > s.offer.DiskSpace:
		errs[fSize] = "there is room for " + size(vastapi.GB(math.Floor(float64(s.offer.DiskSpace)))) + " at most: make it smaller, or pick another place"
	}
	if err := (vastapi.CreateVolume{Offer: 1, Size: 1, Name: strings.TrimSpace(v[fName])}).Validate(); err != nil && s.src == nil {
		errs[fName] = err.Error()
	}
	return errs
}

// rate is what the typed size costs here.
func (s site) rate(v view.Values) vastapi.Rate {
	if s.check(v)[fSize] != "" {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return s.offer.StorageCost.Hourly(typedGB(v[fSize]))
}

// panel is what the typed size comes to.
func panel(s site, v view.Values, desk rental.Desk) []view.Pair {
	r := s.rate(v)
	list := []view.Pair{
		{Value: "What it costs"},
		{Label: "an hour", Value: rate(r)},
		{Label: "a day", Value: amount(r.Day())},
		{Label: "a month", Value: amount(r.Month())},
		{Value: "until it is deleted, used or not", Warn: true},
		{},
		{Value: "Your account"},
		{Label: "credit", Value: amount(desk.Credit)},
	}
	d := pricing.Between(desk.Before(), r, desk.Credit)
	short := d.RunwayAfter.Known && d.RunwayAfter.Finite && d.RunwayAfter.Lasts < desk.Caps.Runway
	return append(list,
		view.Pair{Label: "lasts", Value: spanText(d.RunwayBefore) + " → " + spanText(d.RunwayAfter), Warn: short},
		view.Pair{Label: "burn", Value: rate(d.Before) + " → " + rate(d.After)},
		view.Pair{},
		view.Pair{Value: "What it can be used by"},
		view.Pair{Label: "machine", Value: s.offer.MachineID.String() + " alone: instances on it, one at a time"},
		view.Pair{Label: "size", Value: "fixed for good: a larger one is a copy to a new volume"},
	)
}

func sum(s site, v view.Values) string {
	r := s.rate(v)
	return fmt.Sprintf("%s · %s a month · fixed for good", rate(r), amount(r.Month()))
}

// plan asks about making the volume that was filled in.
func (m *Model) plan(env view.Env, s site, v view.Values) view.Effect {
	s, there := s.fresh(env)
	if !there {
		return failed(s.form, sourceGone)
	}
	p, err := s.work(v, env.Desk)
	if err != nil {
		return failed(s.form, rental.FieldText(err))
	}
	return view.Do(view.Confirm{Plan: p, Form: s.form, Again: func(env view.Env, form string) view.Effect {
		next := s
		next.form = form
		m.waiting = &waiting{next, v}
		return view.Wait(env.Load.RereadPlace(s.offer.MachineID, typedGB(v[fSize])))
	}})
}

const sourceGone = "the volume that was to be copied is gone"

// fresh has what is copied as it is now, and reports whether it still exists.
func (s site) fresh(env view.Env) (site, bool) {
	if s.src == nil {
		return s, true
	}
	list := known(env, []vastapi.VolumeID{s.src.ID})
	if len(list) == 0 {
		return s, false
	}
	s.src = &list[0]
	return s, true
}

// work makes the plan.
func (s site) work(v view.Values, desk rental.Desk) (rental.Plan, error) {
	gb := typedGB(v[fSize])
	if s.src != nil {
		return rental.PlanCloneVolume(*s.src, s.offer, s.at, gb, desk)
	}
	return rental.PlanCreateVolume(s.offer, s.at, rental.NewVolume{Size: gb, Name: strings.TrimSpace(v[fName])}, desk)
}

// reread works a plan out anew from the place as it is now.
func (m *Model) reread(env view.Env, msg command.PlacesFound) view.Effect {
	w := m.waiting
	m.waiting = nil
	if w == nil {
		return view.Effect{}
	}
	if msg.Err != nil {
		return failed(w.site.form, "the price could not be read again: "+view.Sentence(msg.Err))
	}
	if _, there := w.site.fresh(env); !there {
		return failed(w.site.form, sourceGone)
	}
	for n := range msg.Page.Offers {
		if o := &msg.Page.Offers[n]; o.MachineID == w.site.offer.MachineID {
			w.site.offer, w.site.at = *o, msg.At
			return m.plan(env, w.site, w.v)
		}
	}
	return failed(w.site.form, "there is no room for it on machine "+w.site.offer.MachineID.String()+" any more: pick another place")
}

// failed says why a plan could not be made, in the form it was for while that is open.
func failed(form, text string) view.Effect {
	if form == "" {
		return view.Do(view.Toast{Text: text, Level: view.Warn})
	}
	return view.Do(view.FormFailed{Form: form, Text: text})
}

// askSize asks how large the volume is to be: prices and places are for that.
func (m *Model) askSize(_ view.Env) view.Effect {
	p := m.places
	return view.Do(view.Ask{Form: view.Form{
		ID: sizeForm, Title: "How large is the volume to be?", Button: "Look for places",
		Fields: []view.Field{{Key: fSize, Label: "size", Value: plainGB(p.size), Unit: "GB", Limit: 12, Help: "whole GB; prices are shown for it, and places without the room are left out"}},
		Check: func(v view.Values) map[string]string {
			gb := typedGB(v[fSize])
			if wrong := checkSize(gb); wrong != "" {
				return map[string]string{fSize: wrong}
			}
			if p.src != nil && gb < p.src.Size {
				return map[string]string{fSize: "a copy has at least the size of what is copied: " + size(p.src.Size)}
			}
			return nil
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			p.size = typedGB(v[fSize])
			return view.Join(view.Do(view.FormDone{Form: sizeForm}), p.refilter(env), p.look(env))
		},
	}})
}

func spanText(s pricing.Span) string {
	switch {
	case !s.Known:
		return "not known"
	case !s.Finite:
		return "for ever"
	}
	return figure.Span(s.Lasts)
}
