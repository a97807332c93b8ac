package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"vastdeck/vastapi/vastsim"
)

// What the scripts about changes need of the world besides:
//
//	sim pick PREFIX [N] [gpu=NAME]   the N-th cheapest offer (from 1) that is verified, takes bids and has room, of a free
//	                                 a machine that offers volumes: $PREFIX_OFFER, $PREFIX_MACHINE, $PREFIX_PRICE, $PREFIX_BID
//	sim named VARIABLE NAME          the id of the instance that is called so
//	sim sent METHOD PATH TEXT…       the last such request has every TEXT in its body
//	sim has N NAME                   N instances have a name that begins so
//	sim heal                         all faults are taken back
//	sim total OFFER $/H GB           the price of an offer becomes what comes to so much with a disk of so many
//	                                 GB, and is the lowest of its machine
func init() {
	simVerbs["pick"] = simPick
	simVerbs["named"] = simNamed
	simVerbs["sent"] = simSent
	simVerbs["has"] = simHas
	simVerbs["total"] = simTotal
	simVerbs["heal"] = simHeal
}

func simPick(s *stage, ts *testscript.TestScript, args []string) error {
	n, gpu := 1, ""
	for _, arg := range args[1:] {
		if name, is := strings.CutPrefix(arg, "gpu="); is {
			gpu = name
			continue
		}
		var err error
		if n, err = strconv.Atoi(arg); err != nil {
			return err
		}
	}
	held := map[int64]bool{}
	for _, i := range s.world.Instances() {
		held[i.MachineID] = true
	}
	list := slices.DeleteFunc(s.world.Offers(), func(o vastsim.OfferState) bool {
		return held[o.MachineID] || !o.Rentable || !o.Verified || o.MinBid <= 0 || o.DiskGB < 250 || o.VolumeOfferID == 0 || gpu != "" && o.GPUName != gpu
	})
	slices.SortStableFunc(list, func(a, b vastsim.OfferState) int {
		return cmp.Compare(a.DPHBase+a.StorageCost/72, b.DPHBase+b.StorageCost/72)
	})
	if len(list) < n {
		return fmt.Errorf("there are %d such offers", len(list))
	}
	o := list[n-1]
	for name, value := range map[string]string{
		"_OFFER": strconv.FormatInt(o.ID, 10), "_MACHINE": strconv.FormatInt(o.MachineID, 10),
		"_PRICE": strconv.FormatFloat(o.DPHBase, 'f', 4, 64), "_BID": strconv.FormatFloat(o.MinBid*1.1+0.001, 'f', 3, 64),
		"_FLOOR": strconv.FormatFloat(o.MinBid, 'f', 4, 64), "_TWICE": strconv.FormatFloat(o.DPHBase*2, 'f', 4, 64),
	} {
		ts.Setenv(args[0]+name, value)
	}
	return nil
}

func simNamed(s *stage, ts *testscript.TestScript, args []string) error {
	for _, i := range s.world.Instances() {
		if i.Label == args[1] || strings.HasPrefix(i.Label, args[1]+" ") {
			ts.Setenv(args[0], strconv.FormatInt(i.ID, 10))
			return nil
		}
	}
	return fmt.Errorf("no instance is called %s", args[1])
}

func simSent(s *stage, _ *testscript.TestScript, args []string) error {
	calls := s.world.Calls(args[0], args[1])
	if len(calls) == 0 {
		return fmt.Errorf("no such request was sent")
	}
	last := calls[len(calls)-1]
	for _, text := range args[2:] {
		if !strings.Contains(string(last.Body), text) {
			return fmt.Errorf("%s %s?%s has no %s: %s", last.Method, last.Path, last.Query, text, last.Body)
		}
	}
	return nil
}

func simHas(s *stage, _ *testscript.TestScript, args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	var names []string
	found := 0
	for _, i := range s.world.Instances() {
		names = append(names, i.Label)
		if strings.HasPrefix(i.Label, args[1]) {
			found++
		}
	}
	if found != n {
		return fmt.Errorf("%d instances are called %s…, want %d: %q", found, args[1], n, names)
	}
	return nil
}

func simTotal(s *stage, _ *testscript.TestScript, args []string) error {
	id, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return err
	}
	total, err := strconv.ParseFloat(args[1], 64)
	if err != nil {
		return err
	}
	disk, err := strconv.ParseFloat(args[2], 64)
	list := s.world.Offers()
	at := slices.IndexFunc(list, func(o vastsim.OfferState) bool { return o.ID == id })
	if at < 0 || err != nil {
		return fmt.Errorf("there is no offer %d (%v)", id, err)
	}
	for _, o := range list {
		if o.MachineID == list[at].MachineID {
			s.world.SetOfferPrice(o.ID, 10*total)
		}
	}
	s.world.SetOfferPrice(id, total-list[at].StorageCost*disk/720)
	return nil
}

func simHeal(s *stage, _ *testscript.TestScript, _ []string) error {
	for _, repair := range s.repairs {
		repair()
	}
	s.repairs = nil
	return nil
}
