package vastsim

import (
	"fmt"
	"math"
	"time"
)

const day = 24 * time.Hour

// A host is somebody who rents out machines.
type host struct {
	id           int64
	place        place
	datacenter   bool
	verification string // "" stands for null
	level        float64
	up, down     float64 // Mbit/s
	upCost       float64 // $/GB
	downCost     float64 // $/GB
	storage      float64 // $/GB/month
	static       bool
	machines     int
}

// A machine is one computer with one kind of card. All fields but the last
// group are fixed when the world is made.
type machine struct {
	idx         int
	id          int64
	host        *host
	model       gpuModel
	gpus        int
	base        float64 // $/h of one card before any movement
	cpu         cpuModel
	coresKnown  bool
	ram         float64 // MB
	disk        float64 // GB free for rent
	drive       diskModel
	driver      driver
	os          string
	reliability float64
	hosting     *int
	ip          string
	ports       int
	pcie        float64 // GB/s
	age         time.Duration
	end         time.Duration // when the host's offer ends
	biddable    bool
	vms         bool
	display     bool
	discountMax float64
	volumeGB    float64 // 0 means no volumes offered
	volumeCost  float64 // $/GB/month
	relist      time.Duration
	phase       time.Duration
	maxListed   int // -1 means all

	held     int           // cards our instances occupy
	changes  uint64        // how often that number changed
	hushed   time.Duration // nothing is listed before this
	usedVols float64       // GB our volumes occupy
}

// seedHosts makes the people who rent out machines, one for five offers.
func (w *World) seedHosts() {
	w.hosts = make([]host, max(1, w.cfg.offers/5))
	for i := range w.hosts {
		w.hosts[i] = w.newHost(i)
	}
}

// stock makes machines until the asked number of offers is listed at time zero.
func (w *World) stock() {
	listed := 0
	for _, m := range w.machines {
		listed += len(w.listing(m, 0))
	}
	for listed < w.cfg.offers {
		m := w.newMachine(len(w.machines))
		w.addMachine(m)
		k := len(w.listing(m, 0))
		if listed+k > w.cfg.offers {
			m.maxListed = w.cfg.offers - listed
			k = m.maxListed
		}
		listed += k
	}
}

func (w *World) addMachine(m *machine) {
	w.machines = append(w.machines, m)
	w.byID[m.id] = m
	m.host.machines++
}

func (w *World) newHost(i int) host {
	d := w.deck(drawHost, uint64(i))
	h := host{id: int64(40000 + i*131 + d.whole(0, 97))}
	if i < len(places) {
		h.place = places[i]
	} else {
		h.place = places[d.weighted(len(places), func(k int) int { return places[k].weight })]
	}
	h.datacenter = d.chance(0.22)
	h.verification = verificationOf(d, h.datacenter)
	h.level = d.between(0.86, 1.20)
	h.static = h.datacenter || d.chance(0.45)
	if h.datacenter {
		h.down = round(d.between(1900, 9400), 1)
		h.up = round(h.down*d.between(0.72, 1.0), 1)
	} else {
		h.down = round(math.Exp(d.between(math.Log(110), math.Log(2400))), 1)
		h.up = round(h.down*d.between(0.25, 0.97), 1)
	}
	if d.chance(0.7) {
		tariffs := []float64{0.001, 0.00133333, 0.002, 0.003, 0.004, 0.00666667, 0.01, 0.02}
		h.upCost, h.downCost = pick(d, tariffs), pick(d, tariffs)
	}
	h.storage = pick(d, []float64{0.05, 0.08, 0.1, 0.1, 0.11, 0.12, 0.13333333, 0.14933333, 0.15, 0.15, 0.2, 0.25})
	return h
}

func verificationOf(d *deck, datacenter bool) string {
	verified := 0.68
	if datacenter {
		verified = 0.86
	}
	switch x := d.unit(); {
	case x < verified:
		return "verified"
	case x < verified+(1-verified)*0.66:
		return "unverified"
	case x < 0.997:
		return "deverified"
	}
	return ""
}

// newMachine draws one machine. The first ones walk through hosts and models in
// turn, so that every region and every card is on the market.
func (w *World) newMachine(i int) *machine {
	d := w.deck(drawMachine, uint64(i))
	h := &w.hosts[i%len(w.hosts)]
	if i >= len(w.hosts) {
		// A few hosts own many machines, most own one or two.
		h = &w.hosts[int(math.Pow(d.unit(), 2.2)*float64(len(w.hosts)))]
	}
	m := &machine{idx: i, host: h, maxListed: -1}
	m.id = int64(10000 + i*17 + d.whole(0, 16))
	if i < len(catalogue) {
		m.model = catalogue[i]
	} else {
		m.model = catalogue[d.weighted(len(catalogue), func(k int) int { return popularity(catalogue[k], h.datacenter) })]
	}
	m.gpus = cardCount(d, m.model)
	w.furnish(d, m)
	return m
}

func popularity(g gpuModel, dc bool) int {
	switch {
	case dc && g.class == consumer:
		return g.popular / 4
	case dc:
		return g.popular * 2
	case g.class == datacenter:
		return g.popular / 3
	}
	return g.popular
}

func cardCount(d *deck, g gpuModel) int {
	shares := []int{44, 24, 20, 12}
	switch g.class {
	case datacenter:
		shares = []int{24, 18, 22, 36}
	case workstation:
		shares = []int{38, 26, 22, 14}
	}
	return 1 << d.weighted(4, func(k int) int { return shares[k] })
}

// furnish draws everything around the cards.
func (w *World) furnish(d *deck, m *machine) {
	h, g := m.host, m.model
	level := h.level
	if g.class == datacenter {
		level = 1 + (level-1.03)*0.45 // big cards are priced closely
	}
	m.base = tidyPrice(d, g.price*math.Pow(h.place.cost, 0.8)*level*standing(h.verification))
	server := g.class == datacenter || h.datacenter || m.gpus == 8
	m.cpu, m.drive = pick(d, consumerCPUs), pick(d, consumerDisks)
	if server {
		m.cpu, m.drive = pick(d, serverCPUs), pick(d, serverDisks)
	}
	if g.name == "GH200 SXM" {
		m.cpu = graceCPU
	}
	m.coresKnown = !d.chance(0.008)
	ramPerCard := []float64{16, 32, 32, 48, 64}
	if g.class == datacenter && g.vram > 40000 {
		ramPerCard = []float64{128, 192, 256}
	}
	m.ram = math.Round(max(16, pick(d, ramPerCard)*float64(m.gpus)) * 1007.3)
	m.disk = round(math.Exp(d.between(math.Log(120), math.Log(1400)))*math.Sqrt(float64(m.gpus)), 1)
	m.driver = pick(d, drivers)
	if g.cap >= 1000 {
		m.driver = drivers[7+d.whole(0, 3)] // newer cards need a newer driver
	}
	m.os = pick(d, []string{"20.04", "22.04", "22.04", "22.04", "24.04"})
	m.reliability = round(1-math.Pow(d.unit(), 3)*0.09-0.0003, 7)
	if h.datacenter {
		m.reliability = round(1-math.Pow(d.unit(), 3)*0.015-0.0001, 7)
	}
	if h.verification == "deverified" {
		m.reliability = round(m.reliability-d.between(0.05, 0.25), 7)
	}
	if !d.chance(0.01) {
		v := 0
		if h.datacenter {
			v = 1
		}
		m.hosting = &v
	}
	m.ip = documentationIP(m.idx)
	m.ports = pick(d, []int{0, 4, 12, 24, 49, 99, 100, 199, 249, 499}) / max(1, 2-m.gpus/2)
	m.pcie = round(d.between(0.55, 0.96)*3.94*float64(g.lanes)/4*math.Pow(2, g.pcie-4), 1)
	m.age = time.Duration(d.between(5, 700) * float64(day))
	m.end = time.Duration(d.between(4, 380) * float64(day)).Round(time.Hour)
	m.biddable = d.chance(0.95)
	m.vms = d.chance(0.12)
	m.display = g.class == consumer && d.chance(0.07)
	m.discountMax = pick(d, []float64{0, 0.1, 0.2, 0.3, 0.4, 0.4, 0.4, 0.5})
	if d.chance(0.6) {
		m.volumeGB = round(m.disk*d.between(0.3, 0.9), 0)
		m.volumeCost = round(h.storage*d.between(0.7, 1.1), 4)
	}
	m.relist = time.Duration(d.between(0.75, 9) * float64(time.Hour)).Round(time.Second)
	m.phase = time.Duration(d.unit() * 0.85 * float64(m.relist)).Round(time.Second)
}

func standing(verification string) float64 {
	switch verification {
	case "verified":
		return 1
	case "unverified":
		return 0.93
	}
	return 0.88
}

// tidyPrice makes a price a person would have typed: most hosts set cents or
// half cents, a few divide a monthly figure.
func tidyPrice(d *deck, x float64) float64 {
	step := 0.005
	switch {
	case x < 0.2:
		step = 0.001
	case x > 1.2:
		step = 0.01
	}
	if d.chance(0.12) {
		return round(math.Round(x*240)/240, 8)
	}
	return round(math.Round(x/step)*step, 4)
}

// documentationIP walks the three ranges set aside for documentation. Machines
// share addresses when there are more than 762 of them, as machines behind one
// router do.
func documentationIP(i int) string {
	nets := []string{"192.0.2", "198.51.100", "203.0.113"}
	i = i * 89 % 762
	return fmt.Sprintf("%s.%d", nets[i%3], 1+i/3)
}
