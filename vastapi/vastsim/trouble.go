package vastsim

import "time"

// WithTroubles gives the default account instances with which something is wrong
// beside its other ones: an idle GPU, a disk that is nearly full, a contract that
// ends within a day, an image that is not pulled on, one that does not exist, a
// machine without a connection, a bid that is too low, and a host that asks for
// more.
func WithTroubles() Option { return func(c *config) { c.troubles = true } }

// seedTroubles makes them.
func (w *World) seedTroubles() {
	const image = "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime"
	for i, one := range []struct {
		label, gpu string
		bid        bool
		make       func(*instance)
	}{
		{"idle-box", "RTX 4090", false, func(in *instance) { in.load = ptr(0.0) }},
		{"full-disk", "RTX 3090", false, func(in *instance) { in.fill = ptr(0.98 * in.disk) }},
		{"ends-soon", "RTX A5000", false, func(in *instance) { in.ends = w.clock + 20*time.Hour }},
		{"stuck-pull", "RTX 4090", false, func(in *instance) { w.force(in, "loading", "a3ed95caeb02: Downloading") }},
		{"no-such-image", "RTX 4090", false, func(in *instance) {
			w.force(in, "created", "Error response from daemon: manifest for "+in.image+" not found: manifest unknown")
			in.cur = "stopped"
		}},
		{"gone-dark", "RTX 3090", false, func(in *instance) { w.force(in, "offline", in.msg) }},
		{"low-bid", "RTX 4070 Ti", true, func(in *instance) { in.price = 0.001; w.evict(in); in.steps = nil; w.force(in, "exited", "") }},
		{"dearer", "RTX A5000", false, func(in *instance) { w.raise(in, 1.25) }},
	} {
		t := tenant{
			label: one.label, image: image, runtype: "ssh_direc ssh_proxy", gpu: one.gpu, cards: 1, disk: 40, bid: one.bid,
			age: time.Duration(i+2) * 3 * time.Hour,
		}
		in := w.settleIn(t, w.ownMachine(t.gpu, t.cards, 500+uint64(i)))
		one.make(in)
		w.settle(in)
	}
}

// end is when the contract ends: with the offer of its host, or before.
func (in *instance) end() time.Duration {
	if in.ends > 0 {
		return in.ends
	}
	return in.m.end
}

// SetGPULoad keeps the load of an instance's cards at percent while it runs; a
// negative one lets it wander again.
func (w *World) SetGPULoad(id int64, percent float64) {
	w.change(id, func(in *instance) { in.load = orOwn(percent) })
}

// SetDiskUsed keeps the room that is taken on an instance's disk at gb; a negative
// one lets it grow by itself again.
func (w *World) SetDiskUsed(id int64, gb float64) {
	w.change(id, func(in *instance) { in.fill = orOwn(gb) })
}

// SetContractEnd has the contract of an instance end so long from now.
func (w *World) SetContractEnd(id int64, in time.Duration) {
	w.change(id, func(i *instance) { i.ends = max(1, w.clock+in) })
}

// orOwn is a figure that is fixed, nil when it is to go its own way.
func orOwn(v float64) *float64 {
	if v < 0 {
		return nil
	}
	return &v
}
