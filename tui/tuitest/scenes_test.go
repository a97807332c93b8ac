package tuitest_test

import (
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/vastsim"
)

// The scenes are the pictures of the README: each is played like any other
// scenario, and the test fails when the screen is not the one in screenshots/.

func TestSceneMarket(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090 num_gpus>=2 reliability>0.98")
		d.Wait(8 * time.Second)
		d.Press("enter", "down", "down")
		d.Scene("market")
	})
}

func TestSceneDetail(t *testing.T) {
	t.Parallel()
	play(t, 170, 40, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("H100")
		d.Wait(8 * time.Second)
		d.Press("enter", "enter")
		d.Scene("detail")
	})
}

func TestSceneRent(t *testing.T) {
	t.Parallel()
	play(t, 140, 40, func(d *deck) {
		d.loaded()
		d.Press("/")
		d.Type("4090 num_gpus=1")
		d.Press("enter", "r", "tab", "ctrl+u")
		d.Type("40")
		d.Press("tab")
		d.Type("sdxl-lora")
		d.Press("enter")
		d.UntilHas(20*time.Second, "tab switches")
		d.Press("tab")
		d.Wait(time.Second)
		d.Scene("rent")
	})
}

func TestSceneInstances(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.openRent("sdxl-lora")
		d.Press("tab")
		d.Wait(time.Second)
		d.Press("enter")
		d.UntilHas(30*time.Second, "rented: instance")
		d.Until(5*time.Minute, func(s string) bool { return strings.Contains(row(s, "sdxl-lora"), "LOADING") })
		d.Press("enter")
		d.Wait(6 * time.Second)
		d.Scene("instances")
	}, vastsim.WithStartup(3*time.Minute))
}

func TestSceneDestroy(t *testing.T) {
	t.Parallel()
	play(t, 140, 36, func(d *deck) {
		d.loaded()
		d.Press("2", "space", "down", "down", "space", "D")
		d.Wait(time.Second)
		d.Type("destroy 2")
		d.Scene("destroy")
	})
}
