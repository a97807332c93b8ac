package vastsim

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// seedAccount makes the renter with what they already have.
func (w *World) seedAccount() {
	w.account = account{id: 214_803, email: "renter@example.com", funds: w.cfg.credit}
	w.keys = []sshKey{{
		ID: 5, UserID: w.account.id, Created: w.born.Add(-190 * day).UTC().Format(time.RFC3339),
		Public: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK3Zl2fT1oQyS9bV0c4mWn7eHxRjUu8aGd5pLsKqNi6B renter@laptop",
	}}
	w.keys[0].Key, w.lastKey = w.keys[0].Public, 5
	w.secrets["HF_HOME"] = "/workspace/hf"
	w.secrets["WANDB_MODE"] = "offline"
	w.apiKeys = []apiKey{{ID: primaryKey, UserID: w.account.id, Name: "default", Rights: "all", Kind: "primary", Created: w.epochSeconds(-190 * day)}}
	w.seedTemplates()
	switch {
	case w.cfg.empty:
	case w.cfg.instances >= 0:
		w.seedFleet(w.cfg.instances)
	default:
		w.seedTenants()
	}
	w.balanceBooks()
	// What was paid in is what was spent and what is left.
	paid := math.Ceil((w.credit()+w.spentEver())*100) / 100
	if paid < 100 {
		w.payIn(-5*day, paid, "credit", "stripe_payments", cardPayment(4242))
		return
	}
	w.payIn(-62*day, 25, "credit", "stripe_payments", cardPayment(4242))
	w.payIn(-31*day, 50, "credit", "stripe_payments", cardPayment(4242))
	w.payIn(-5*day, round(paid-75, 2), "credit", "stripe_payments", cardPayment(4242))
}

// tenant describes one contract the account starts with.
type tenant struct {
	label, image, runtype string
	gpu                   string
	cards                 int
	disk                  float64
	age                   time.Duration
	env                   [][2]string
	onstart               string
	bid, stopped          bool
}

// seedTenants makes the default account: four running instances, one of them
// interruptible and close to being outbid, one stopped, and two volumes.
func (w *World) seedTenants() {
	tenants := []tenant{
		{label: "old-notebook", image: "jupyter/scipy-notebook:2024-05-27", runtype: "jupyter_direc ssh_direc ssh_proxy",
			gpu: "RTX A5000", cards: 1, disk: 120, age: 23*day + 5*time.Hour, stopped: true},
		{label: "llama-finetune", image: "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-devel", runtype: "ssh_direc ssh_proxy",
			gpu: "RTX 4090", cards: 2, disk: 160, age: 2*day + 3*time.Hour + 11*time.Minute,
			env: [][2]string{{"-p 6006:6006", "1"}, {"TZ", "UTC"}}, onstart: "cd /workspace && ./resume.sh"},
		{label: "eval-7b", image: "vllm/vllm-openai:v0.6.3", runtype: "ssh_direc ssh_proxy", gpu: "A100 SXM4", cards: 1, disk: 80,
			age: 5*time.Hour + 42*time.Minute, env: [][2]string{{"-p 8000:8000", "1"}, {"OPEN_BUTTON_PORT", "8000"}}},
		{label: "sd-batch", image: "vastai/comfy:v0.3.10-cuda-12.4", runtype: "jupyter_direc ssh_direc ssh_proxy",
			gpu: "RTX 3090", cards: 1, disk: 64, age: 19*time.Hour + 8*time.Minute,
			env: [][2]string{{"-p 8188:8188", "1"}, {"OPEN_BUTTON_PORT", "8188"}}},
		{label: "whisper-bid", image: "ghcr.io/example/whisper-batch:2.1", runtype: "ssh_proxy", gpu: "RTX 4070 Ti", cards: 1,
			disk: 24, age: 3*time.Hour + 25*time.Minute, bid: true},
	}
	for i, t := range tenants {
		w.settleIn(t, w.tenantMachine(t, uint64(i)))
	}
	w.seedVolumes()
	if w.cfg.troubles {
		w.seedTroubles()
	}
}

// tenantMachine finds a machine of the market with enough free cards where
// nothing disturbing happens soon, or makes one.
func (w *World) tenantMachine(t tenant, draw uint64) *machine {
	calm := 3 * time.Hour
	fits := func(m *machine) bool {
		good := m.model.name == t.gpu && m.host.verification == "verified" && m.reliability > 0.985 && m.held == 0 &&
			(m.host.machines > 1 || m.gpus > t.cards) && m.disk > t.disk*1.2 && m.ports > 0 && m.end > 20*day && m.gpus <= 4 && len(w.listing(m, 0)) > 0
		if !good || w.free(m) < t.cards || m.maxListed >= 0 {
			return false
		}
		if !t.bid {
			return true
		}
		_, atRisk := w.riskyBid(m)
		n, began := w.epoch(m, 0)
		return m.biddable && atRisk && (w.cfg.quiet || began+time.Duration(n+1)*m.relist-m.phase > calm)
	}
	for _, m := range w.machines {
		if fits(m) {
			return m
		}
	}
	return w.ownMachine(t.gpu, t.cards, draw)
}

// ownMachine makes a machine that is on nobody's market but the account's.
func (w *World) ownMachine(gpu string, cards int, draw uint64) *machine {
	m := w.newMachine(len(w.machines))
	for _, g := range catalogue {
		if g.name == gpu {
			m.model = g
		}
	}
	m.gpus, m.biddable, m.maxListed = cards, true, 0
	w.furnish(w.deck(drawAccount, draw), m)
	m.biddable, m.ports = true, max(m.ports, 24)
	m.reliability = max(m.reliability, 0.99)
	m.end = max(m.end, 30*day)
	m.disk = max(m.disk, 400)
	w.addMachine(m)
	return m
}

// riskyBid is a bid that wins now and for some ten minutes and loses within an
// hour and a half, if m has one.
func (w *World) riskyBid(m *machine) (perCard float64, found bool) {
	early, late := 0.0, 0.0
	for at := time.Duration(0); at < 90*time.Minute; at += time.Minute {
		f := w.floorPrice(m, at)
		if at <= 11*time.Minute {
			early = max(early, f)
		} else {
			late = max(late, f)
		}
	}
	now := w.floorPrice(m, 0)
	perCard = round(early*1.01, 3)
	if perCard < early {
		perCard = round(early*1.02+0.0005, 3)
	}
	if w.cfg.quiet {
		return perCard, true
	}
	return perCard, late > perCard && perCard < now*1.06
}

// settleIn makes t a contract that began before the world did.
func (w *World) settleIn(t tenant, m *machine) *instance {
	in := &instance{
		id: w.contractID(), m: m, gpus: t.cards, disk: t.disk, storage: m.host.storage, image: t.image,
		runtype: t.runtype, env: t.env, onstart: t.onstart, created: -t.age, upSince: -t.age + 97*time.Second,
		gpuRate: round(w.cardPrice(m, 0)*float64(t.cards), 8), actual: "running", intended: "running", cur: "running", next: "running",
	}
	if t.label != "" {
		in.label = ptr(rawText(t.label))
	}
	if t.bid {
		bid, _ := w.riskyBid(m)
		in.bid, in.price = true, round(bid*float64(t.cards), 4)
	}
	in.offerID = w.offerID(m, int(math.Log2(float64(t.cards))), 0)
	in.jupyterToken = w.token(in.id)
	in.pullGB = w.imageSize(in.image)
	in.keys = append(in.keys, w.keys...)
	w.add(in)
	if t.stopped {
		in.actual, in.intended, in.cur, in.next = "exited", "stopped", "stopped", "stopped"
		in.upSince = -t.age
		w.lived(in, -t.age+16*time.Hour)
		return in
	}
	kind := "ssh"
	if strings.Contains(t.runtype, "jupyter") {
		kind = "jupyter"
	}
	in.msg = "success, running " + strings.ReplaceAll(in.image, ":", "_") + "/" + kind
	w.grasp(in)
	w.lived(in, forever)
	return in
}

// lived writes the bill of the time before the world began: running until
// stopped, then only the disk.
func (w *World) lived(in *instance, stopped time.Duration) {
	was := rates{gpu: in.hourly(), disk: in.storage * in.disk / monthHours}
	end := min(stopped, 0)
	in.ledger.segments = append(in.ledger.segments, segment{in.created, end, was, false})
	if end < 0 {
		was.gpu = 0
		in.ledger.segments = append(in.ledger.segments, segment{end, 0, was, false})
	}
	w.settle(in)
	in.m.hushed = 0 // the rest of the machine was listed long ago
}

// seedVolumes makes one volume inside a running instance and one that is free.
func (w *World) seedVolumes() {
	in := w.order[1] // llama-finetune
	used := w.settleVolumeIn(in.m, 200, "datasets", 16*day)
	in.volumes = append(in.volumes, mount{used, "/data"})
	in.env = append(in.env, [2]string{fmt.Sprintf("-v V.%d:/data", used.id), "1"})
	for _, m := range w.machines {
		if m.model.name == "RTX 3090" && m.volumeGB > 200 && m.host.verification == "verified" && m.reliability > 0.98 {
			w.settleVolumeIn(m, 80, "hf_cache", 6*day)
			return
		}
	}
	w.settleVolumeIn(in.m, 80, "hf_cache", 6*day)
}

func (w *World) settleVolumeIn(m *machine, size float64, name string, age time.Duration) *volume {
	if m.volumeCost == 0 {
		m.volumeCost = round(m.host.storage*0.9, 4)
		m.volumeGB = m.usedVols
	}
	m.volumeGB += size // it was rented out before the rest was offered
	m.usedVols += size
	v := &volume{id: w.contractID(), name: name, m: m, size: size, cost: m.volumeCost, created: -age, readyAt: -age}
	w.addVolume(v)
	v.ledger.segments = append([]segment{{-age, 0, rates{disk: v.cost * size / monthHours}, false}}, v.ledger.segments...)
	return v
}

// seedFleet makes exactly n running instances, each on a machine of its own.
// Unless the credit was chosen, a large fleet gets a month's money.
func (w *World) seedFleet(n int) {
	images := []string{"pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime", "vllm/vllm-openai:v0.6.3", "nvidia/cuda:12.4.1-devel-ubuntu22.04"}
	labels := []string{"train", "eval", "batch", "serve", "sweep"}
	for i := range n {
		d := w.deck(drawAccount, 1000+uint64(i))
		g := catalogue[d.weighted(len(catalogue), func(k int) int { return catalogue[k].popular })]
		t := tenant{
			label: fmt.Sprintf("%s-%02d", labels[i%len(labels)], i), image: pick(d, images), runtype: "ssh_direc ssh_proxy",
			gpu: g.name, cards: 1 << d.whole(0, 2), disk: float64(16 * d.whole(1, 8)),
			age: time.Duration(d.between(0.2, 90) * float64(time.Hour)).Round(time.Second),
		}
		w.settleIn(t, w.ownMachine(t.gpu, t.cards, 10_000+uint64(i)))
	}
	w.balanceBooks()
	if !w.cfg.creditSet && n > 20 {
		w.account.funds = max(w.account.funds, round(w.books.burn*monthHours, 2))
	}
}
