package offers

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

const defaultImage = "pytorch/pytorch:latest"

// renting is the rent form and the rents whose prices are being read again.
type renting struct {
	draft     view.Values   // what was filled in last; values that may be secret live no longer than the run
	drafted   drafted       // what it was filled in for
	submitted feed.RentSpec // what was handed in last
	handedIn  view.Values   // and all that was filled in then
	open      order         // what the open form is about
	filled    filledIn      // by a template
	pending   map[string]request
	ceilings  suggestions
	later     *again        // a form that is still to be opened
	described *described    // a form that waits for what its query finds
	with      view.RentWith // the volume that a form on its machine links; its Volume 0 = none
	asked     int           // how often prices were read again, to tell the questions apart
	opened    int           // how often a form was opened, to tell the forms apart
}

// order is what a form is about: the candidates, the best first, and how they
// are rented. One candidate is the offer under the cursor.
type order struct {
	form     string // the id of the form
	offers   []vastapi.Offer
	kind     vastapi.RentalType
	required []string      // variables that must have a value
	shown    bool          // the offers are what the query shows; nobody has marked them
	focus    string        // the field that has the focus at first
	onDemand feed.OnDemand // what the same costs on demand, of one machine that is bid for
}

// several reports whether there is a choice: as many as are wanted are rented
// out of them, and those that are gone are skipped.
func (o order) several() bool { return len(o.offers) > 1 }

func (o order) first() *vastapi.Offer { return &o.offers[0] }

// request is a rent that waits for its prices to be read again. The ids of the
// offers are those of the moment when the key was pressed.
type request struct {
	ids  []vastapi.OfferID
	kind vastapi.RentalType
	opt  rental.RentOptions
	many *rental.FleetOptions // nil = one machine
	form string               // the form that waits for it, "" when the plan is worked out anew
}

// drafted is what a draft was filled in for: some of it does not fit another
// offer, or another workload.
type drafted struct {
	offer    vastapi.OfferID
	name     string // that the form suggested
	disk     vastapi.GB
	required []string
}

// ofOneOffer are the fields that belong to the offers a form was about.
var ofOneOffer = []string{fBid, fPrepay, fVolume, fVolumeSize, fVolumeName, fMount, fCount, fCeiling, fLeast}

// draftFor is what was filled in last, without what belongs to another offer. A
// workload that has changed since decides the disk.
func (m *Model) draftFor(o order) view.Values {
	r := &m.renting
	v := maps.Clone(r.draft)
	if r.drafted.offer != o.first().ID {
		for _, key := range ofOneOffer {
			delete(v, key)
		}
		if v[fName] == r.drafted.name {
			delete(v, fName)
		}
	}
	if r.drafted.disk != m.job().Disk {
		delete(v, fDisk)
	}
	return v
}

// linked is a draft for an order that links the volume which an instance is to be rented
// with. Once a form about the offer was filled in, what was filled in stays.
func (m *Model) linked(env view.Env, o order, draft view.Values) view.Values {
	r := &m.renting
	if o.several() || o.first().MachineID != r.with.Machine || r.drafted.offer == o.first().ID || draft[fVolume] != noVolume {
		return draft
	}
	for _, v := range env.Data.Volumes.Value.Volumes {
		if v.ID == r.with.Volume && v.MachineID == r.with.Machine && len(v.Instances) == 0 {
			next := maps.Clone(draft)
			if next == nil {
				next = view.Values{}
			}
			next[fVolume], next[fMount] = v.ID.String(), r.with.Mount
			return next
		}
	}
	return draft
}

// closeRent forgets what a closed form waited for and keeps what was filled in.
func (m *Model) closeRent(o order, v view.Values) view.Effect {
	maps.DeleteFunc(m.renting.pending, func(_ string, old request) bool { return old.form == o.form })
	m.renting.open = order{}
	return m.keepDraft(o, v)
}

// keepDraft keeps what was filled in for the next form.
func (m *Model) keepDraft(o order, v view.Values) view.Effect {
	m.renting.draft = v
	m.renting.drafted = drafted{offer: o.first().ID, name: suggested(o), disk: m.job().Disk, required: o.required}
	return view.Effect{}
}

// draftAgain fills a form as it was before. What is never stored is still known
// when it was handed in in this run.
func (r *renting) draftAgain(spec feed.RentAgain) view.Values {
	v, was := draftOf(spec.RentSpec), r.submitted
	like := !was.At.IsZero() && was.Image == spec.Image && was.RunType == spec.RunType
	told := spec.Env != "" || spec.OnStart != "" // by an instance, which tells no login and no script
	switch {
	case told && like && strings.HasPrefix(spec.Name, was.Name), !told && like && was.Template == spec.Template && slices.Equal(was.EnvNames, spec.EnvNames):
		for _, key := range secret {
			if text, ok := r.handedIn[key]; ok {
				v[key] = text
			}
		}
	}
	if told {
		v[fEnv] = spec.Env
		delete(v, fEnvFile) // what was in it is among the variables
	}
	if spec.OnStart != "" {
		v[fOnStart] = spec.OnStart
	}
	return v
}

// secret are the fields whose values are never stored.
var secret = []string{fEnv, fEnvFile, fOnStart, fWrap, fPrivate, fRegistry, fLogin, fPassword, fArgs, fEntrypoint, fLab, fFolder}

// mostCandidates is how many offers of the list a form for several machines
// takes along; prices are read again for all of them at once.
const mostCandidates = 200

// rent opens the form for what is marked, else for the offer under the cursor.
func (m *Model) rent(env view.Env) view.Effect {
	if o, ok := m.ordered(); ok {
		return m.openRent(env, o, m.linked(env, o, m.draftFor(o)))
	}
	return view.Effect{}
}

// rentMany opens the form for several machines out of what the query shows.
func (m *Model) rentMany(env view.Env) view.Effect {
	var list []vastapi.Offer
	for n := 0; n < m.list.table.Shown() && len(list) < mostCandidates; n++ {
		if r, ok := m.list.table.At(n); ok && r.Gone.IsZero() && !r.Offer.Rentable.No() && !r.Offer.Rented.Yes() {
			list = append(list, *r.Offer)
		}
	}
	if len(list) == 0 {
		return view.Do(view.Toast{Text: "no offer that is shown can be rented: change the query", Level: view.Warn})
	}
	o := order{offers: list, kind: m.kind(), required: m.renting.drafted.required, shown: true}
	draft := m.draftFor(o)
	if draft == nil {
		draft = view.Values{}
	}
	if whole(draft[fCount]) < 1 {
		draft[fCount] = "2"
	}
	return m.openRent(env, o, draft)
}

// ordered is what r is about.
func (m *Model) ordered() (order, bool) {
	if marked := m.list.table.Marked(); len(marked) > 0 {
		o := order{kind: m.kind(), required: m.renting.drafted.required}
		for _, r := range marked {
			if r.Gone.IsZero() {
				o.offers = append(o.offers, *r.Offer)
			}
		}
		return o, len(o.offers) > 0
	}
	o, ok := m.under()
	return order{offers: []vastapi.Offer{o}, kind: m.kind(), required: m.renting.drafted.required}, ok
}

// openRent opens the form, filled with what was filled in last.
func (m *Model) openRent(env view.Env, o order, draft view.Values) view.Effect {
	rn := &m.renting
	rn.opened++
	o.form = "rent/" + strconv.Itoa(rn.opened)
	rn.open = o
	// What an earlier form waited for is not wanted any more.
	maps.DeleteFunc(rn.pending, func(_ string, old request) bool { return old.form != "" })
	cmds := view.Effect{}
	if !env.Data.Templates.Told() {
		cmds = view.Wait(env.Load.LoadTemplates(vastapi.TemplateQuery{Recommended: true}))
	}
	if !env.Data.SSHKeys.Told() {
		cmds = view.Join(cmds, view.Wait(env.Load.LoadSSHKeys()))
	}
	cmds = view.Join(cmds, askAccountVars(env))
	return view.Join(view.Do(view.Ask{Form: m.rentForm(env, o, draft)}), cmds)
}

// refitRent gives an open form what has been read since.
func (m *Model) refitRent(env view.Env) view.Effect {
	if len(m.renting.open.offers) == 0 {
		return view.Effect{}
	}
	return view.Do(view.Refit{Form: m.rentForm(env, m.renting.open, m.renting.draft)})
}

// patience is how long a form that waits for the market of its rental type is
// still wanted.
const patience = 20 * time.Second

// again is a form that waits for the market of its rental type.
type again struct {
	spec feed.RentAgain
	at   time.Time
}

// rentAgain opens the form as it was filled in before, on the best offer that is
// shown: the same model and number of GPUs where there is one. What was a bid is a
// bid again: the market of that type is shown first.
func (m *Model) rentAgain(env view.Env, spec feed.RentAgain) view.Effect {
	kind := feed.KindOf(spec.Kind)
	if kind != m.kind() || !m.market(env).Told() || m.list.table.Pending() {
		m.renting.later = &again{spec, env.Now}
		wait := view.Do(view.Toast{Text: "the form opens when the market is here: " + kindName(kind)})
		if kind != m.kind() {
			return view.Join(m.switchTo(env, kind), wait)
		}
		return wait
	}
	draft := m.renting.draftAgain(spec)
	best, ok := m.match(env, spec)
	if !ok {
		m.renting.draft, m.renting.drafted = draft, drafted{disk: m.job().Disk, required: spec.EnvNames}
		return view.Join(m.set(env, fmt.Sprintf("gpu_name=%q num_gpus=%d", spec.GPU, max(1, spec.NumGPUs))),
			view.Do(view.Toast{Text: "no offer like it is shown: the market is searched for one; r rents with the same form", Level: view.Warn}))
	}
	return m.openRent(env, order{offers: []vastapi.Offer{best}, kind: kind, required: spec.EnvNames, focus: spec.Field}, draft)
}

// resumeRent opens the form that waited for its market.
func (m *Model) resumeRent(env view.Env) view.Effect {
	l := m.renting.later
	switch {
	case l == nil:
		return view.Effect{}
	case env.Now.Sub(l.at) > patience:
		m.renting.later = nil
		return view.Effect{}
	case feed.KindOf(l.spec.Kind) != m.kind() || !m.market(env).Told() || m.list.table.Pending():
		return view.Effect{}
	}
	m.renting.later = nil
	return m.rentAgain(env, l.spec)
}

// match finds the first offer shown that is like what was rented: on the same
// machine if that is free, else with as many GPUs of the model.
func (m *Model) match(env view.Env, spec feed.RentAgain) (best vastapi.Offer, found bool) {
	taken := rentedByNow(env)
	taken[spec.Tried] = true // it may still be in the market in hand
	for n := range m.list.table.Shown() {
		r, ok := m.list.table.At(n)
		if !ok || !r.Gone.IsZero() || r.Offer.Rentable.No() || r.Offer.Rented.Yes() {
			continue
		}
		o := r.Offer
		if o.GPUName.String() != spec.GPU || o.NumGPUs != spec.NumGPUs || taken[o.ID] {
			continue
		}
		if o.MachineID == spec.Machine {
			return *o, true
		}
		if !found {
			best, found = *o, true
		}
	}
	return best, found
}

// rentedByNow are the offers that this account has rented, or may have: the
// market in hand can be older than that.
func rentedByNow(env view.Env) map[vastapi.OfferID]bool {
	taken := map[vastapi.OfferID]bool{}
	for _, past := range env.Data.Journal.Value.Recent {
		op := past.Op
		if op.Verb == "rent" && (op.State == rental.OpConfirmed || op.Open()) {
			taken[op.Subject.Offer] = true
		}
	}
	return taken
}

// submit has the prices read again for the disk that was typed; the plan is
// worked out from that answer.
func (m *Model) submit(env view.Env, o order, v view.Values) view.Effect {
	m.keepDraft(o, v)
	opt := optionsOf(o, v, env.Data)
	r := request{kind: o.kind, opt: opt, form: o.form}
	if f, ok := fleetOf(o, v, opt); ok {
		r.many = &f
	}
	for i := range o.offers {
		r.ids = append(r.ids, o.offers[i].ID)
	}
	spec := feed.RentSpec(rental.SpecOf(opt, o.first(), env.Now))
	m.renting.submitted, m.renting.handedIn = spec, maps.Clone(v)
	remember := view.Remember{Change: func(f *feed.Memory) { f.AddRentForm(spec) }}
	return view.Join(view.Do(remember), m.reread(env, r))
}

// reread asks for the prices of a request; the newest question of a form counts.
func (m *Model) reread(env view.Env, r request) view.Effect {
	rn := &m.renting
	if rn.pending == nil {
		rn.pending = map[string]request{}
	}
	maps.DeleteFunc(rn.pending, func(_ string, old request) bool { return old.form != "" && old.form == r.form })
	rn.asked++
	tag := strconv.Itoa(rn.asked)
	rn.pending[tag] = r
	// Reserved offers are rented on demand and paid ahead.
	kind := r.kind
	if kind == vastapi.Reserved {
		kind = vastapi.OnDemand
	}
	return view.Wait(env.Load.RereadOffers(tag, r.ids, kind, r.opt.Disk))
}

// planned makes the plan from the prices just read, or gives the form back.
func (m *Model) planned(env view.Env, msg command.OffersReread) view.Effect {
	r, waiting := m.renting.pending[msg.Tag]
	if !waiting {
		return view.Effect{}
	}
	delete(m.renting.pending, msg.Tag)
	switch {
	case msg.Err != nil:
		return r.failed("the price could not be read again: " + view.Sentence(msg.Err))
	case len(msg.Offers) == 0 && len(r.ids) == 1:
		return m.lost(env, r)
	case len(msg.Offers) == 0:
		return r.failed("these offers have all left the market just now: close this and choose others")
	}
	if r.many != nil {
		return m.planFleet(env, r, msg)
	}
	p, err := rental.PlanRent(msg.Offers[0], msg.At, r.opt, rentDesk(env))
	return m.asked(worked{r, p, err})
}

// worked is what came of working out a plan.
type worked struct {
	request request
	plan    rental.Plan
	err     error
}

// planFleet works out the plan for several machines away from Update: there may
// be hundreds of candidates.
func (m *Model) planFleet(env view.Env, r request, msg command.OffersReread) view.Effect {
	desk := rentDesk(env)
	if desk.NewID == nil {
		desk.NewID = rental.NewID
	}
	id := desk.NewID() // asked for here, once
	desk.NewID = func() string { return id }
	fleet := *r.many
	return view.Wait(command.Compute(env.Load, command.Topic("rent/"+r.form), func() worked {
		p, err := rental.PlanFleet(msg.Offers, msg.At, fleet, desk)
		return worked{r, p, err}
	}))
}

// asked asks about a plan, or gives the form back when there is none.
func (m *Model) asked(w worked) view.Effect {
	r := w.request
	if w.err != nil {
		return r.failed(w.err.Error())
	}
	again := func(env view.Env, form string) view.Effect {
		next := r
		next.form = form
		return m.reread(env, next)
	}
	return view.Do(view.Confirm{Plan: w.plan, Form: r.form, Again: again})
}

// lost puts the next best offer into the form when the wanted one has left the
// market; nothing is rented by that.
func (m *Model) lost(env view.Env, r request) view.Effect {
	const gone = "this offer has just left the market"
	was, known := m.offer(r.ids[0])
	if !known {
		return r.failed(gone + ": choose another one")
	}
	best, found := rental.NextBest(m.onMarket(), was, r.opt, r.ids...)
	if !found {
		return r.failed(gone + ", and no other one like it is shown: close this and choose another")
	}
	if r.form == "" {
		next := order{offers: []vastapi.Offer{best}, kind: r.kind, required: m.renting.drafted.required}
		text := fmt.Sprintf("%s; this is the form for the next best, on machine %s", gone, best.MachineID)
		return view.Join(m.openRent(env, next, m.draftFor(next)), view.Do(view.Toast{Text: text, Level: view.Warn}))
	}
	if m.renting.open.form != r.form {
		return r.failed(gone + ": choose another one")
	}
	m.renting.open.offers = []vastapi.Offer{best}
	text := fmt.Sprintf("%s. The form is now about the next best: offer %s on machine %s. Look at its price, then continue", gone, best.ID, best.MachineID)
	return view.Join(m.refitRent(env), r.failed(text))
}

// onMarket are the offers in hand that have not left the market.
func (m *Model) onMarket() []vastapi.Offer {
	var list []vastapi.Offer
	for n := range m.list.table.Shown() {
		if r, ok := m.list.table.At(n); ok && r.Gone.IsZero() {
			list = append(list, *r.Offer)
		}
	}
	return list
}

// offer finds an offer in hand, also one that has left the market.
func (m *Model) offer(id vastapi.OfferID) (vastapi.Offer, bool) {
	rows := m.list.table.Rows()
	i := slices.IndexFunc(rows, func(r *feed.Row) bool { return r.Offer.ID == id })
	if i < 0 {
		return vastapi.Offer{}, false
	}
	return *rows[i].Offer, true
}

// rentDesk is the desk with what a rent is held against besides.
func rentDesk(env view.Env) rental.Desk {
	d := env.Desk
	w := env.Data.Memory.Workload
	d.Hours, d.In, d.Out = w.Hours, w.In, w.Out
	if env.Data.SSHKeys.Told() && env.Data.SSHKeys.Err == nil {
		d.SSHKey = vastapi.FlagNo
		if len(env.Data.SSHKeys.Value) > 0 {
			d.SSHKey = vastapi.FlagYes
		}
	}
	d.Hosts = env.Data.HostsAt(env.Now)
	return d
}

// failed gives the form back, or says so where there is none.
func (r request) failed(text string) view.Effect {
	if r.form == "" {
		return view.Do(view.Toast{Text: text, Level: view.Bad})
	}
	return view.Do(view.FormFailed{Form: r.form, Text: text})
}
