package offers

import (
	"fmt"
	"strconv"
	"strings"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

const (
	formID       = "rent"
	defaultImage = "pytorch/pytorch:latest"
)

// rentForm is what was typed last; the next form begins with it.
type rentForm struct {
	image string
	disk  vastapi.GB
	name  string
}

// request is a rent that waits for its price to be read again. The offer's id
// is the one that was under the cursor when the key was pressed.
type request struct {
	offer vastapi.OfferID
	opt   rental.RentOptions
	form  string // the form that waits for it, "" when the plan is worked out anew
}

// rent opens the form for the offer under the cursor.
func (m *Model) rent() view.Effect {
	o, ok := m.under()
	if !ok {
		return view.Effect{}
	}
	m.wanted = nil
	return view.Do(view.Ask{Form: view.Form{
		ID: formID, Title: fmt.Sprintf("Rent %s", gpu(&o)), Button: "Continue to the plan…",
		Intro: intro(&o),
		Fields: []view.Field{
			{Key: "image", Label: "image", Value: m.last.image, Limit: 1024, Help: "a docker image, e.g. pytorch/pytorch:latest or nvidia/cuda:12.4.1-devel-ubuntu22.04"},
			{Key: "disk", Label: "disk", Value: strconv.FormatFloat(float64(m.last.disk), 'f', -1, 64), Unit: "GB", Limit: 12,
				Help: fmt.Sprintf("8 to %s; fixed for the life of the instance, billed also while it is stopped", figure.GB(float64(o.DiskSpace)))},
			{Key: "name", Label: "name", Value: m.last.name, Limit: rental.MaxName, Help: "optional, to know it again"},
		},
		Panel:  func(v view.Values) []view.Pair { return panel(&o, v) },
		Check:  func(v view.Values) map[string]string { return check(&o, v) },
		Submit: func(env view.Env, v view.Values) view.Effect { return m.submit(env, o.ID, v) },
	}})
}

func intro(o *vastapi.Offer) []view.Pair {
	return []view.Pair{
		{Label: "offer", Value: fmt.Sprintf("%s on machine %s, host %s", o.ID, o.MachineID, o.HostID)},
		{Label: "place", Value: o.Geolocation.String()},
	}
}

// options reads a form's values. A disk that is no number is NaN, which no check lets pass.
func options(v view.Values) rental.RentOptions {
	size := strings.TrimSuffix(strings.TrimSpace(strings.ToLower(v["disk"])), "gb")
	disk, err := strconv.ParseFloat(strings.TrimSpace(size), 64)
	if err != nil {
		disk = vastapi.Unknown[float64]()
	}
	return rental.RentOptions{Image: strings.TrimSpace(v["image"]), Disk: vastapi.GB(disk), Name: strings.TrimSpace(v["name"])}
}

func check(o *vastapi.Offer, v view.Values) map[string]string {
	errs := map[string]string{}
	opt := options(v)
	for _, e := range opt.Validate(o) {
		errs[e.Field] = e.Text
	}
	if !vastapi.Known(opt.Disk) {
		errs["disk"] = "a number of GB, e.g. 40"
	}
	return errs
}

// panel is what the typed values come to.
func panel(o *vastapi.Offer, v view.Values) []view.Pair {
	disk := options(v).Disk
	if check(o, v)["disk"] != "" {
		disk = vastapi.Unknown[vastapi.GB]() // what cannot be had has no price
	}
	price := pricing.Offer(o, disk)
	total := price.Total()
	return []view.Pair{
		{Label: "GPU", Value: figure.Rate(float64(price.GPU))},
		{Label: "disk", Value: fmt.Sprintf("%s, %s a month, also while stopped", figure.Rate(float64(price.Disk)), figure.Amount(float64(price.Disk.Month())))},
		{Label: "all in", Value: fmt.Sprintf("%s, %s a day, %s a month", figure.Rate(float64(total)), figure.Amount(float64(total.Day())), figure.Amount(float64(total.Month())))},
		{Label: "traffic", Value: fmt.Sprintf("in %s, out %s per GB, on top", perGB(o.InetDownCost), perGB(o.InetUpCost))},
	}
}

// submit has the price read again for the disk that was typed; the plan is
// worked out from that answer.
func (m *Model) submit(env view.Env, id vastapi.OfferID, v view.Values) view.Effect {
	opt := options(v)
	m.last = rentForm{image: opt.Image, disk: opt.Disk, name: opt.Name}
	return m.ask(env, request{offer: id, opt: opt, form: formID})
}

func (m *Model) ask(env view.Env, r request) view.Effect {
	m.wanted = &r
	return view.Wait(env.Load.RereadOffer(r.offer, vastapi.OnDemand, r.opt.Disk))
}

// reread makes the plan from the price just read, or gives the form back.
func (m *Model) reread(env view.Env, msg command.OfferReread) view.Effect {
	if m.wanted == nil || m.wanted.offer != msg.Offer.ID {
		return view.Effect{}
	}
	r := *m.wanted
	m.wanted = nil
	switch {
	case msg.Err != nil:
		return r.failed("the price could not be read again: " + view.Sentence(msg.Err))
	case msg.Gone:
		return r.failed("this offer has just left the market: choose another one")
	}
	p, err := rental.PlanRent(msg.Offer, msg.At, r.opt, env.Desk)
	if err != nil {
		return r.failed(err.Error())
	}
	again := func(env view.Env, form string) view.Effect {
		return m.ask(env, request{offer: r.offer, opt: r.opt, form: form})
	}
	return view.Do(view.Confirm{Plan: p, Form: r.form, Again: again})
}

// failed gives the form back, or says so where there is none.
func (r request) failed(text string) view.Effect {
	if r.form == "" {
		return view.Do(view.Toast{Text: text, Level: view.Bad})
	}
	return view.Do(view.FormFailed{Form: r.form, Text: text})
}

func perGB(p vastapi.PerGB) string {
	if !vastapi.Known(p) {
		return "—"
	}
	return "$" + figure.Decimal(float64(p), 4)
}
