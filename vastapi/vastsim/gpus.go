package vastsim

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// gpuNames is GET /gpu_names/unique/.
func (w *World) gpuNames(*request) answer {
	names := []string{}
	for _, g := range catalogue {
		names = append(names, g.name)
	}
	slices.Sort(names)
	return reply(200, map[string]any{"gpu_names": names})
}

func (w *World) gpuTypes(*request) answer {
	rows := []any{}
	for i, g := range catalogue {
		rows = append(rows, map[string]any{
			"id": i + 1, "name": g.name, "gpu_ram": g.vram, "gpu_arch": g.arch(), "compute_cap": g.cap,
		})
	}
	return reply(200, map[string]any{"gpu_types": rows})
}

// supply is how many cards of one model there are and what they cost.
type supply struct {
	total, verified, freeVerified, freeOther int
	prices                                   []float64 // $/h of one card, of machines with free cards
}

func (w *World) supplyOf(name string, keep func(*machine) bool) supply {
	var s supply
	for _, m := range w.machines {
		if m.model.name != name || !keep(m) {
			continue
		}
		free := m.gpus - m.held - min(w.busy(m, w.clock), m.gpus-m.held)
		s.total += m.gpus
		if m.host.verification == "verified" {
			s.verified += m.gpus
			s.freeVerified += free
		} else {
			s.freeOther += free
		}
		if free > 0 {
			s.prices = append(s.prices, w.cardPrice(m, w.clock))
		}
	}
	slices.Sort(s.prices)
	return s
}

// at is a percentile of sorted prices; null when there are none.
func (s supply) at(p float64) any {
	if len(s.prices) == 0 {
		return nil
	}
	return s.prices[int(math.Round(p*float64(len(s.prices)-1)))]
}

// gpuMetrics is GET /metrics/gpu/current/.
func (w *World) gpuMetrics(q *request) answer {
	keep := func(m *machine) bool {
		switch q.arg("verified") {
		case "yes":
			if m.host.verification != "verified" {
				return false
			}
		case "no":
			if m.host.verification == "verified" {
				return false
			}
		}
		switch q.arg("hosting_type") {
		case "secure_cloud":
			return m.host.datacenter
		case "community":
			return !m.host.datacenter
		}
		return true
	}
	rows := []any{}
	for _, g := range catalogue {
		s := w.supplyOf(g.name, keep)
		if s.total == 0 {
			continue
		}
		used := s.total - s.freeVerified - s.freeOther
		row := map[string]any{
			"gpu_name": g.name, "total": s.total, "available": s.freeVerified + s.freeOther,
			"rented_verified": s.verified - s.freeVerified, "avail_verified": s.freeVerified,
			"rented_unverified": s.total - s.verified - s.freeOther, "avail_unverified": s.freeOther,
			"usage": round(float64(used)/float64(s.total), 4), "usage_30d": round(float64(used)/float64(s.total), 4),
			"dlperf": g.dlperf, "tflops": g.tflops, "price_p10": s.at(0.1), "price_p25": s.at(0.25),
			"price_median": s.at(0.5), "price_p75": s.at(0.75), "price_p90": s.at(0.9),
			"tflops_per_dollar": nil, "dlperf_per_dollar": nil,
		}
		if p, known := s.at(0.5).(float64); known {
			row["tflops_per_dollar"], row["dlperf_per_dollar"] = round(g.tflops/p, 3), round(g.dlperf/p, 3)
		}
		rows = append(rows, row)
	}
	return ok(map[string]any{"gpus": rows})
}

// gpuHistory is GET /metrics/gpu/history/: what the market was at past moments.
// Before the world began it stood still.
func (w *World) gpuHistory(q *request) answer {
	now := w.epochSeconds(w.clock)
	arg := func(name string, usual float64) float64 {
		if v, err := strconv.ParseFloat(q.arg(name), 64); err == nil {
			return v
		}
		return usual
	}
	end := min(arg("end", now), now)
	start, step := arg("start", end-86400), max(300, arg("step", 3600))
	if (end-start)/step > 1000 {
		return fail(400, "invalid_args", "too many steps")
	}
	out := map[string]any{}
	for _, name := range strings.Split(q.arg("gpu_name"), ",") {
		name = strings.TrimSpace(name)
		var times []int64
		var median []any
		var avail []int
		for s := start; s <= end; s += step {
			at := max(0, time.Duration((s-w.epochSeconds(0))*float64(time.Second)))
			prices, free := []float64{}, 0
			for _, m := range w.machines {
				if m.model.name == name {
					prices = append(prices, w.cardPrice(m, at))
					free += m.gpus - w.busy(m, at)
				}
			}
			slices.Sort(prices)
			times, median, avail = append(times, int64(s)), append(median, supply{prices: prices}.at(0.5)), append(avail, free)
		}
		out[name] = map[string]any{
			"supply_demand": map[string]any{"timestamps": times, "available": avail},
			"pricing":       map[string]any{"timestamps": times, "available_median": median},
			"stats":         map[string]any{},
		}
	}
	return ok(map[string]any{"gpus": out})
}

func (w *World) gpuLocations(*request) answer {
	rows := []any{}
	for _, m := range w.machines {
		p := m.host.place
		rows = append(rows, map[string]any{
			"latitude": p.lat, "longitude": p.lon, "city": p.city, "country_code": p.country,
			"gpu_name": m.model.name, "rented": w.free(m) < m.gpus, "verified": m.host.verification == "verified",
			"datacenter": m.host.datacenter, "num_gpus": m.gpus,
		})
	}
	return ok(map[string]any{"locations": rows})
}

// machineReports is GET /machines/{id}/reports/: the less reliable a machine,
// the more complaints.
func (w *World) machineReports(q *request) answer {
	id, _ := q.id()
	m := w.byID[id]
	if m == nil {
		return fail(404, "not_found", "No such machine.")
	}
	rows := []any{}
	texts := [][2]string{
		{"Slow network", "downloads far below the advertised speed"}, {"Instance does not start", "stuck at loading for an hour"},
		{"GPU error", "fell off the bus under load"}, {"Disk full", "less space than rented"},
	}
	for i := range int(min(4, (1-m.reliability)*40)) {
		rows = append(rows, map[string]any{
			"problem": texts[i][0], "message": texts[i][1], "created_at": w.epochSeconds(-time.Duration(3+i*11) * day),
		})
	}
	return reply(200, rows)
}

// benchmarks is GET /benchmarks.
func (w *World) benchmarks(*request) answer {
	rows := []any{}
	for _, m := range w.machines[:min(50, len(w.machines))] {
		rows = append(rows, map[string]any{
			"id": m.idx + 1, "contract_id": 20_000_000 + m.idx, "machine_id": m.id, "gpu_name": m.model.name,
			"image": "vastai/benchmark:latest", "model": "resnet50", "num_gpus": m.gpus,
			"name": "dlperf", "score": round(m.model.dlperf*float64(m.gpus)*m.tune(), 3), "last_update": w.epochSeconds(-day),
		})
	}
	return reply(200, rows)
}
