package vastsim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// A volume is rented disk space on one machine, or on a share of a network.
type volume struct {
	id       int64
	name     string
	m        *machine // nil for a network volume
	share    *share   // of a network volume
	size     float64  // GB
	cost     float64  // $/GB/month
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

// How long it takes until a network volume can be used.
const networkReady = 12 * time.Second

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

// settleVolume bills v for as long as its machine is connected; a network volume has none.
func (w *World) settleVolume(v *volume) {
	var r rates
	away := v.m != nil && w.offline(v.m, w.clock)
	if !away {
		r.disk = v.cost * v.size / monthHours
	}
	w.bill(v.ledger, r, false)
	v.due = forever
	if v.m != nil {
		v.due = w.nextLine(v.m, w.clock)
	}
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
	r := volumeRow{Instances: w.users(v), Type: "machine"}
	served := v.m
	if v.share != nil {
		served, r.Type = v.share.m, "network"
		r.volumeOfferRow = *w.networkOffer(v.share, v.size)
	} else {
		r.volumeOfferRow = *w.volumeOffer(v.m, v.size)
	}
	r.IP = served.ip
	r.ID, r.Ask, r.DiskSpace = v.id, v.id, v.size
	r.StorageCost, r.StorageTotal = v.cost, v.cost*v.size/monthHours
	r.StartDate, r.EndDate = w.epochSeconds(v.created), w.epochSeconds(served.end)
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
	for _, v := range w.volumes {
		if t := q.arg("type"); v.share == nil && t == "network_volume" || v.share != nil && t == "local_volume" {
			continue
		}
		rows = append(rows, w.volumeRow(v))
	}
	return reply(200, map[string]any{"volumes": rows})
}

// rentVolume is PUT /volumes/.
func (w *World) rentVolume(q *request) answer {
	id, size, name, refused, bad := wantedVolume(q)
	if bad {
		return refused
	}
	m, found := w.findVolumeOffer(id)
	switch {
	case !found:
		return fail(404, "no_such_ask", fmt.Sprintf("no_such_ask Volume offer %d is not available.", id))
	case size < 1 || size > m.volumeGB-m.usedVols:
		return fail(400, "invalid_args", "Not enough space for a volume of that size.")
	case w.credit() <= 0:
		return fail(400, "insufficient_credit", "Insufficient credit")
	}
	return madeVolume(w.newVolume(m, size, name))
}

// wantedVolume reads what is to be made at which offer; bad says that it is refused.
func wantedVolume(q *request) (offer int64, size float64, name string, refused answer, bad bool) {
	id, given := q.body.num("id")
	if !given {
		return 0, 0, "", fail(400, "invalid_args", "Please provide a valid volume offer ID."), true
	}
	if size, given = q.body.num("size"); !given {
		size = 15
	}
	if name = q.body.str("name"); name != "" && !volumeName().MatchString(name) {
		return 0, 0, "", fail(400, "invalid_args", "Volume names are 1 to 64 letters, digits and underscores."), true
	}
	return int64(id), size, name, answer{}, false
}

// madeVolume says which volume was made.
func madeVolume(v *volume) answer {
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
	if v.share != nil {
		v.share.used -= v.size
	} else {
		v.m.usedVols -= v.size
	}
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
	if w.volumes[i].share != nil {
		return fail(400, "invalid_args", "Network volumes cannot be copied.")
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
