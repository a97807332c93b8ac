package rental

import (
	"fmt"
	"math"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// Asked is what was agreed to when an instance was rented, as far as it is
// known. What is zero, empty or not a number is not known and never differs.
type Asked struct {
	GPU     safetext.Text
	GPUs    int
	Machine vastapi.MachineID
	Disk    vastapi.GB
	Price   pricing.Breakdown // while it runs
	Total   vastapi.Rate      // for when its parts are not known
	InCost  vastapi.PerGB
	OutCost vastapi.PerGB
	Bid     bool   // interruptible
	Typed   bool   // Bid is known
	Label   string // the full label, with its token
	Image   string
}

// Agreed is what the given step of p, which rents, was agreed to be; false when
// it does not rent.
func (p Plan) Agreed(step int) (Asked, bool) {
	if step < 0 || step >= len(p.Steps) {
		return Asked{}, false
	}
	call, rents := p.Steps[step].Call.(vastapi.CreateInstance)
	if !rents {
		return Asked{}, false
	}
	a := Asked{
		Machine: p.Steps[step].Subject.Machine, Disk: call.Disk, Bid: call.Price != nil, Typed: true,
		Label: call.Label, Image: call.Image, Total: p.Steps[step].Rate,
		Price:  pricing.Breakdown{GPU: vastapi.Unknown[vastapi.Rate](), Disk: vastapi.Unknown[vastapi.Rate]()},
		InCost: vastapi.Unknown[vastapi.PerGB](), OutCost: vastapi.Unknown[vastapi.PerGB](),
	}
	for _, f := range p.Basis.Facts {
		if f.Subject == p.Steps[step].Subject && f.Subject.Offer != 0 {
			a.GPU, a.GPUs, a.Price, a.InCost, a.OutCost = f.GPU, f.GPUs, f.Price, f.InCost, f.OutCost
		}
	}
	return a, true
}

// Agreed is what the rental was agreed to be as far as the journal keeps it: not
// its GPU, but the machine, the disk, the type and the price.
func (o Op) Agreed() (Asked, bool) {
	if o.Verb != "rent" {
		return Asked{}, false
	}
	return Asked{
		Machine: o.Subject.Machine, Disk: o.Disk, Bid: o.Bid != nil, Typed: true, Label: o.Label, Image: o.Image,
		Total: o.MaxRate, Price: pricing.Breakdown{GPU: vastapi.Unknown[vastapi.Rate](), Disk: vastapi.Unknown[vastapi.Rate]()},
		InCost: vastapi.Unknown[vastapi.PerGB](), OutCost: vastapi.Unknown[vastapi.PerGB](),
	}, true
}

// Difference is one way in which an instance is not what was asked for.
type Difference struct {
	What       string // "GPU", "GPUs", "disk", "price" …
	Asked, Got string // in words, inert
	// Extra is what it costs more than agreed, in $/h, below 0 for less; unknown
	// when it cannot be told in $/h.
	Extra vastapi.Rate
}

// String is the difference as a clause, without its price.
func (d Difference) String() string {
	return fmt.Sprintf("%s is %s, asked for was %s", d.What, d.Got, d.Asked)
}

// Money says what the difference costs, "" when that cannot be told.
func (d Difference) Money() string {
	switch {
	case !vastapi.Known(d.Extra) || math.Abs(float64(d.Extra)) < priceTolerance:
		return ""
	case d.Extra < 0:
		return pricing.Shown(-d.Extra) + " less than agreed"
	}
	return pricing.Shown(d.Extra) + " more than agreed, " + pricing.Money(d.Extra.Month()) + " a month"
}

// What is no difference: what rounding on either side leaves.
const (
	diskTolerance    = vastapi.GB(0.5)
	priceTolerance   = 0.0002 // $/h
	trafficTolerance = 0.00005
)

// Told reports whether the row of an instance says enough about itself to be
// held against what was asked for. It does not while it is being set up.
func Told(i *vastapi.Instance) bool {
	return i.NumGPUs > 0 && !i.GPUName.Empty() && vastapi.Known(pricing.Running(i).Total())
}

// Delivered lists how an instance differs from what was asked for, to the
// renter's harm: a lower price and a larger disk at that price are none. What
// the instance does not tell is no difference.
func Delivered(a Asked, i *vastapi.Instance) []Difference {
	c := comparison{asked: a, got: i}
	c.mark() // another instance altogether is the first thing to know
	c.hardware()
	c.kind()
	c.prices()
	c.image()
	return c.list
}

type comparison struct {
	asked Asked
	got   *vastapi.Instance
	list  []Difference
}

func (c *comparison) add(when bool, what, asked, got string, extra vastapi.Rate) {
	if when {
		c.list = append(c.list, Difference{what, asked, got, extra})
	}
}

var noExtra = vastapi.Unknown[vastapi.Rate]()

func (c *comparison) hardware() {
	a, i := c.asked, c.got
	c.add(!a.GPU.Empty() && !i.GPUName.Empty() && !a.GPU.Equal(i.GPUName), "GPU", quoted(a.GPU), quoted(i.GPUName), noExtra)
	c.add(a.GPUs > 0 && i.NumGPUs > 0 && a.GPUs != i.NumGPUs, "GPU count", fmt.Sprint(a.GPUs), fmt.Sprint(i.NumGPUs), c.missingGPUs())
	c.add(a.Machine != 0 && i.MachineID != 0 && a.Machine != i.MachineID, "machine", a.Machine.String(), i.MachineID.String(), noExtra)
	c.add(a.Disk > 0 && i.Disk < a.Disk-diskTolerance, "disk", gb(a.Disk), gb(i.Disk), noExtra)
}

// missingGPUs is what is paid for GPUs that are not there.
func (c *comparison) missingGPUs() vastapi.Rate {
	if c.got.NumGPUs >= c.asked.GPUs {
		return noExtra
	}
	paid := pricing.Running(c.got).GPU
	return paid - c.asked.Price.GPU*vastapi.Rate(c.got.NumGPUs)/vastapi.Rate(max(1, c.asked.GPUs))
}

// kind tells a bid from an on-demand rental, which nobody can interrupt but
// costs its own price.
func (c *comparison) kind() {
	if c.asked.Typed {
		c.add(c.asked.Bid != c.got.Bid, "type", typeWord(c.asked.Bid), typeWord(c.got.Bid), noExtra)
	}
}

// prices compares the parts of the price, or the whole where parts are not known.
func (c *comparison) prices() {
	got, a := pricing.Running(c.got), c.asked
	before := len(c.list)
	c.price("GPU price", a.Price.GPU, got.GPU, pricing.Shown)
	if c.got.Disk <= a.Disk+diskTolerance { // else it is more disk, of which the price of all tells
		rate := got.Disk
		if c.got.Disk > 0 {
			rate *= vastapi.Rate(a.Disk / c.got.Disk) // what a smaller one would cost at the size asked for
		}
		c.price("disk price", a.Price.Disk, rate, monthly)
	}
	if len(c.list) == before {
		asked := a.Price.Total()
		if !vastapi.Known(asked) {
			asked = a.Total
		}
		c.price("price", asked, got.Total(), pricing.Shown)
	}
	c.traffic("price of traffic in", a.InCost, c.got.InetDownCost)
	c.traffic("price of traffic out", a.OutCost, c.got.InetUpCost)
}

func (c *comparison) price(what string, asked, got vastapi.Rate, show func(vastapi.Rate) string) {
	extra := got - asked // not a number when one is not known, and then no difference
	c.add(extra > priceTolerance && show(asked) != show(got), what, show(asked), show(got), extra)
}

func (c *comparison) traffic(what string, asked, got vastapi.PerGB) {
	c.add(got-asked > trafficTolerance && perGB(asked) != perGB(got), what, perGB(asked), perGB(got), noExtra)
}

// mark compares the token that the label carries: without it, it may be another
// instance than the one that was made.
func (c *comparison) mark() {
	a, i := c.asked, c.got
	_, token := SplitLabel(a.Label)
	_, is := SplitLabel(i.Label.String())
	c.add(token != "" && token != is, "name", safetext.Quote(a.Label, maxQuoted), quoted(i.Label), noExtra)
}

// image compares what runs on the instance.
func (c *comparison) image() {
	a, i := c.asked, c.got
	c.add(a.Image != "" && !i.Image.Empty() && imageName(a.Image) != imageName(i.Image.String()),
		"image", safetext.Quote(a.Image, maxImageShown), safetext.Quote(i.Image.String(), maxImageShown), noExtra)
}

// imageName is an image without what registries add and leave out: their own
// name, "library", the tag. Tags are resolved on the way ("@…-automatic-tag").
func imageName(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if at := strings.LastIndexByte(image, ':'); at > strings.LastIndexByte(image, '/') {
		image = image[:at]
	}
	for _, prefix := range []string{"docker.io/", "index.docker.io/", "registry-1.docker.io/", "library/"} {
		image = strings.TrimPrefix(image, prefix)
	}
	return strings.ToLower(image)
}

// gotOtherwise compares what a rent has got with what was agreed to.
func (a *attempt) gotOtherwise(i *vastapi.Instance) []Difference {
	if !a.compares {
		return nil
	}
	return Delivered(a.asked, i)
}
