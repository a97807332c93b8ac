package vastsim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A volume is rented disk space on one machine.
type volume struct {
	id       int64
	name     string
	m        *machine
	size     float64 // GB
	cost     float64 // $/GB/month
	created  time.Duration
	readyAt  time.Duration
	freeFrom time.Duration // a destroyed instance lets go a little late
	due      time.Duration
	ledger   *ledger
}

var volumeName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`) })

func (w *World) volumeAsk(m *machine) int64 {
	x := int64(m.idx)*slots + slots - 1
	return idFirst + x*idFactor%idPrime
}

// findVolumeOffer undoes volumeAsk.
func (w *World) findVolumeOffer(id int64) (*machine, bool) {
	m := w.machineOfOffer(id)
	if m == nil || w.volumeAsk(m) != id || m.volumeGB-m.usedVols < 1 {
		return nil, false
	}
	return m, true
}

// users are the instances that hold v, running or stopped.
func (w *World) users(v *volume) []int64 {
	out := []int64{}
	for _, in := range w.order {
		if slices.ContainsFunc(in.volumes, func(x mount) bool { return x.volume == v }) {
			out = append(out, in.id)
		}
	}
	return out
}

// avail is the free space of a volume, which fills slowly.
func (v *volume) avail(w *World) float64 {
	used := v.size * (0.2 + 0.5*w.unit(drawUsage, uint64(v.id)))
	return round(v.size-used, 2)
}

// newVolume opens the contract.
func (w *World) newVolume(m *machine, size float64, name string) *volume {
	v := &volume{
		id: w.contractID(), name: name, m: m, size: size, cost: m.volumeCost,
		created: w.clock, readyAt: w.clock + 4*time.Second,
	}
	m.usedVols += size
	w.addVolume(v)
	return v
}

func (w *World) addVolume(v *volume) {
	v.ledger = &ledger{kind: "volume", id: v.id, label: func() any {
		if v.name == "" {
			return nil
		}
		return v.name
	}}
	w.ledgers = append(w.ledgers, v.ledger)
	w.volumes = append(w.volumes, v)
	w.settleVolume(v)
}

// settleVolume bills v for as long as its machine is connected.
func (w *World) settleVolume(v *volume) {
	var r rates
	if !w.offline(v.m, w.clock) {
		r.disk = v.cost * v.size / monthHours
	}
	w.bill(v.ledger, r, false)
	v.due = w.nextLine(v.m, w.clock)
}

// volumeRow is one volume of the account.
type volumeRow struct {
	volumeOfferRow
	Label     *string `json:"label"`
	Status    *string `json:"status"`
	Instances []int64 `json:"instances"`
	IP        string  `json:"public_ipaddr"`
	Type      string  `json:"type"`
}

func (w *World) volumeRow(v *volume) volumeRow {
	r := volumeRow{volumeOfferRow: *w.volumeOffer(v.m, v.size), Instances: w.users(v), IP: v.m.ip, Type: "machine"}
	r.ID, r.Ask, r.DiskSpace = v.id, v.id, v.size
	r.StorageCost, r.StorageTotal = v.cost, v.cost*v.size/monthHours
	r.StartDate, r.EndDate = w.epochSeconds(v.created), w.epochSeconds(v.m.end)
	if v.name != "" {
		r.Label = ptr(v.name)
	}
	if w.clock >= v.readyAt {
		r.Status = ptr("created")
	}
	return r
}

// listVolumes is GET /volumes.
func (w *World) listVolumes(q *request) answer {
	rows := []volumeRow{}
	if t := q.arg("type"); t != "network_volume" {
		for _, v := range w.volumes {
			rows = append(rows, w.volumeRow(v))
		}
	}
	return reply(200, map[string]any{"volumes": rows})
}

// rentVolume is PUT /volumes/.
func (w *World) rentVolume(q *request) answer {
	id, given := q.body.num("id")
	if !given {
		return fail(400, "invalid_args", "Please provide a valid volume offer ID.")
	}
	size, given := q.body.num("size")
	if !given {
		size = 15
	}
	name := q.body.str("name")
	if name != "" && !volumeName().MatchString(name) {
		return fail(400, "invalid_args", "Volume names are 1 to 64 letters, digits and underscores.")
	}
	m, found := w.findVolumeOffer(int64(id))
	switch {
	case !found:
		return fail(404, "no_such_ask", fmt.Sprintf("no_such_ask Volume offer %d is not available.", int64(id)))
	case size < 1 || size > m.volumeGB-m.usedVols:
		return fail(400, "invalid_args", "Not enough space for a volume of that size.")
	case w.credit() <= 0:
		return fail(400, "insufficient_credit", "Insufficient credit")
	}
	v := w.newVolume(m, size, name)
	return ok(map[string]any{"volume_name": fmt.Sprintf("V.%d", v.id), "volume_id": v.id})
}

// deleteVolume is DELETE /volumes/, with the id in the query or in the body.
func (w *World) deleteVolume(q *request) answer {
	id, err := strconv.ParseInt(q.arg("id"), 10, 64)
	if err != nil {
		n, given := q.body.num("id")
		if !given {
			return fail(400, "invalid_args", "Please provide a valid volume ID.")
		}
		id = int64(n)
	}
	i := slices.IndexFunc(w.volumes, func(v *volume) bool { return v.id == id })
	if i < 0 {
		return fail(404, "no_such_volume", "Volume with that ID does not exist.")
	}
	v := w.volumes[i]
	if len(w.users(v)) > 0 || w.clock < v.freeFrom {
		return fail(400, "invalid_args", "Volume is in use by an instance.")
	}
	w.bill(v.ledger, rates{}, false)
	v.m.usedVols -= v.size
	w.volumes = slices.Delete(w.volumes, i, i+1)
	return ok(nil)
}

// cloneVolume is POST /volumes/copy/: a new volume with the same content, ready
// some minutes later.
func (w *World) cloneVolume(q *request) answer {
	src, _ := q.body.num("src_id")
	dst, _ := q.body.num("dst_id")
	i := slices.IndexFunc(w.volumes, func(v *volume) bool { return v.id == int64(src) })
	if i < 0 {
		return fail(404, "no_such_volume", "Volume with that ID does not exist.")
	}
	m, found := w.findVolumeOffer(int64(dst))
	if !found {
		return fail(404, "no_such_ask", fmt.Sprintf("no_such_ask Volume offer %d is not available.", int64(dst)))
	}
	size, given := q.body.num("size")
	if !given {
		size = w.volumes[i].size
	}
	if size < w.volumes[i].size || size > m.volumeGB-m.usedVols {
		return fail(400, "invalid_args", "Not enough space for a volume of that size.")
	}
	v := w.newVolume(m, size, w.volumes[i].name)
	v.readyAt = w.clock + time.Duration(30+size)*time.Second
	return ok(map[string]any{"volume_name": fmt.Sprintf("V.%d", v.id), "volume_id": v.id, "msg": "Volume copy started"})
}
