package vastsim

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// A sight is an offer as a search looks at it before its row is made.
type sight struct {
	offer
	w      *World
	s      *search
	rented bool
}

// gpu is what the cards cost in $/h under the pricing that was asked for.
func (o offer) gpu(s *search) float64 {
	if s.pricing == "bid" {
		return o.minBid
	}
	return o.base
}

// disk is what the disk that was asked for costs in $/h.
func (o offer) disk(s *search) float64 { return o.m.host.storage * s.storage / monthHours }

// discount is the part of the price that paying ahead saves.
func (o offer) discount(now time.Duration, s *search) float64 {
	if s.pricing != "reserved" {
		return 0
	}
	return reservedDiscount(min((o.m.end-now).Hours()/monthHours, 3), o.m.discountMax)
}

// frac is the offer's part of its machine.
func (o offer) frac() float64 { return float64(o.gpus) / float64(o.m.gpus) }

func (o offer) space() float64  { return round((o.m.disk-o.m.usedVols)*o.frac(), 3) }
func (o offer) ports() int      { return int(float64(o.m.ports) * o.frac()) }
func (o offer) dlperf() float64 { return round(o.m.model.dlperf*float64(o.gpus)*o.m.tune(), 4) }
func (o offer) tflops() float64 { return round(o.m.model.tflops*float64(o.gpus), 4) }

func (o offer) perDollar(total float64) float64 { return round(o.dlperf()/total, 6) }

// score is the marketplace's rank of the offer at a total price.
func (o offer) score(total float64) float64 {
	worth := o.perDollar(total) * math.Pow(o.m.reliability, 8)
	return round(worth*math.Sqrt(float64(o.gpus))*(1+min(o.m.host.down, 2000)/8000), 6)
}

func (x *sight) total() float64 { return x.gpu(x.s) + x.disk(x.s) }

func num(f float64) cell { return cell{kind: number, num: f} }

// glances are the columns that can be read without making a row. Each gives
// what the row would hold.
var glances = map[string]func(*sight) cell{
	"ask_contract_id":      func(x *sight) cell { return num(float64(x.id)) },
	"machine_id":           func(x *sight) cell { return num(float64(x.m.id)) },
	"host_id":              func(x *sight) cell { return num(float64(x.m.host.id)) },
	"num_gpus":             func(x *sight) cell { return num(float64(x.gpus)) },
	"gpu_name":             func(x *sight) cell { return cell{kind: text, text: x.m.model.name} },
	"gpu_ram":              func(x *sight) cell { return num(x.m.model.vram) },
	"gpu_total_ram":        func(x *sight) cell { return num(x.m.model.vram * float64(x.gpus)) },
	"gpu_frac":             func(x *sight) cell { return num(x.frac()) },
	"dph_base":             func(x *sight) cell { return num(x.base) },
	"dph_total":            func(x *sight) cell { return num(x.total()) },
	"discounted_dph_total": func(x *sight) cell { return num(x.gpu(x.s)*(1-x.discount(x.w.clock, x.s)) + x.disk(x.s)) },
	"min_bid":              (*sight).floor,
	"storage_cost":         func(x *sight) cell { return num(x.m.host.storage) },
	"inet_up":              func(x *sight) cell { return num(x.m.host.up) },
	"inet_down":            func(x *sight) cell { return num(x.m.host.down) },
	"direct_port_count":    func(x *sight) cell { return num(float64(x.ports())) },
	"disk_space":           func(x *sight) cell { return num(x.space()) },
	"cuda_max_good":        func(x *sight) cell { return num(x.m.driver.cuda) },
	"reliability":          func(x *sight) cell { return num(x.m.reliability) },
	"expected_reliability": func(x *sight) cell { return num(x.m.reliability) },
	"duration":             func(x *sight) cell { return num((x.m.end - x.w.clock).Seconds()) },
	"dlperf":               func(x *sight) cell { return num(x.dlperf()) },
	"total_flops":          func(x *sight) cell { return num(x.tflops()) },
	"dlperf_per_dphtotal":  func(x *sight) cell { return x.priced(x.perDollar) },
	"score":                func(x *sight) cell { return x.priced(x.score) },
	"rentable":             func(x *sight) cell { return flag(x.rentable) },
	"rented":               func(x *sight) cell { return flag(x.rented) },
	"external":             func(*sight) cell { return cell{} },
	"geolocation":          func(x *sight) cell { return cell{kind: text, text: x.m.host.place.text} },
	"verification":         (*sight).verification,
	"hosting_type":         (*sight).hosting,
}

func (x *sight) floor() cell {
	if x.minBid > 0 {
		return num(x.minBid)
	}
	return cell{}
}

// priced is a figure that an offer without a price lacks.
func (x *sight) priced(figure func(total float64) float64) cell {
	if t := x.total(); t > 0 {
		return num(figure(t))
	}
	return cell{}
}

func (x *sight) verification() cell {
	if v := x.m.host.verification; v != "" {
		return cell{kind: text, text: v}
	}
	return cell{}
}

func (x *sight) hosting() cell {
	if x.m.hosting == nil {
		return cell{}
	}
	return num(float64(*x.m.hosting))
}

// virtual are the columns that exist for filtering only.
var virtual = []string{"id", "verified", "datacenter", "allocated_storage", "target_reliability"}

// seenAtOnce reports whether a filter on the column can be decided by a glance.
func seenAtOnce(name string) bool {
	if slices.Contains(virtual, name) {
		return true
	}
	for _, second := range []map[string]string{offerAliases, thousandfold} {
		if real, found := second[name]; found {
			name = real
			break
		}
	}
	return glances[name] != nil
}

// mostKeys is how many sort keys a ranked offer has room for.
const mostKeys = 3

// sortsAtOnce reports whether offers can be put in order by glances.
func (s *search) sortsAtOnce() bool {
	return len(s.order) <= mostKeys && !slices.ContainsFunc(s.order, func(k ordering) bool { return glances[k.name] == nil })
}

// ranked is an offer with its sort keys and its place among all.
type ranked struct {
	keys   [mostKeys]cell
	at     int
	rented bool
	offer
}

// bestOffers makes the rows of the first offers in the order that was asked for.
func (w *World) bestOffers(s search) []*offerRow {
	rows := []*offerRow{}
	if s.limit == 0 {
		return rows
	}
	for _, r := range w.ranking(&s) {
		row := w.offerRow(r.offer, s, r.rented)
		row.Rank = 1
		rows = append(rows, row)
	}
	return rows
}

// ranking returns the first offers of a search, at most its limit. No more than
// twice as many are held, so that the rest of a large market is only looked at.
func (w *World) ranking(s *search) []ranked {
	var best []ranked
	compare := func(a, b *ranked) int {
		if c := compareKeys(a.keys[:], b.keys[:], s.order); c != 0 {
			return c
		}
		return cmp.Compare(a.at, b.at)
	}
	cut := func() {
		slices.SortFunc(best, func(a, b ranked) int { return compare(&a, &b) })
		best = best[:min(len(best), s.limit)]
	}
	full, at := false, 0
	var worst ranked
	w.eachOffer(s, func(x *sight) {
		r := ranked{at: at, rented: x.rented, offer: x.offer}
		at++
		for i, k := range s.order {
			r.keys[i] = glances[k.name](x)
		}
		if full && compare(&r, &worst) > 0 {
			return
		}
		best = append(best, r)
		if len(best) >= 2*s.limit {
			cut()
			full, worst = true, best[len(best)-1]
		}
	})
	cut()
	return best
}
