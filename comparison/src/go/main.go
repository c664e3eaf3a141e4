// The counterparts of Programs.java in Go, under goleak. On Debian, as root: apt-get install golang-go
// golang-uber-goleak-dev; then GO111MODULE=off GOPATH=/usr/share/gocode go run ./comparison/src/go
package main

import (
	"fmt"
	"os/exec"
	"runtime"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func main() {
	fmt.Println("| goleak,", runtime.Version(), "| |")
	fmt.Println("| --- | --- |")
	says("forgets a pool", true, func(end chan struct{}) {
		for i := 0; i < 2; i++ {
			go func() { <-end }()
		}
	})
	says("forgets a ticker", true, func(end chan struct{}) { // it has no goroutine; the one that reads it has
		go func() {
			ticker := time.NewTicker(time.Hour)
			defer ticker.Stop()
			select {
			case <-ticker.C:
			case <-end:
			}
		}()
	})
	says("forgets a busy loop", true, func(end chan struct{}) {
		go func() {
			for {
				select {
				case <-end:
					return
				default:
					runtime.Gosched()
				}
			}
		}()
	})
	says("shuts down but does not wait", false, func(chan struct{}) {
		go time.Sleep(300 * time.Millisecond) // the end of the work
	})
	says("runs a process", false, func(chan struct{}) {
		if err := exec.Command("true").Run(); err != nil {
			panic(err)
		}
	})
	inParallel()
	among(10)
	among(1000)
}

func says(program string, leaks bool, run func(end chan struct{})) {
	end := make(chan struct{})
	before := goleak.IgnoreCurrent()
	run(end)
	start := time.Now()
	err := goleak.Find(before)
	took := time.Since(start)
	verdict := map[bool]string{true: "missed", false: "silent"}[leaks]
	if err != nil {
		verdict = map[bool]string{true: "found", false: "accused"}[leaks]
	}
	fmt.Printf("| %s | %s, in %v |\n", program, verdict, took.Round(time.Millisecond))
	close(end)
	if err := goleak.Find(before); err != nil { // waits until the program is over
		panic(err)
	}
}

// Two tests run at the same time; one forgets a goroutine, and each looks for itself.
func inParallel() {
	var both sync.WaitGroup
	both.Add(2)
	leaked := make(chan struct{})
	accused := make(chan string, 2)
	end := make(chan struct{})
	test := func(name string, leak bool) {
		before := goleak.IgnoreCurrent()
		both.Done()
		both.Wait()
		if leak {
			go func() { <-end }()
			close(leaked)
		}
		<-leaked
		if err := goleak.Find(before); err != nil {
			accused <- name
		} else {
			accused <- "not " + name
		}
	}
	go test("the one that leaks", true)
	go test("the one beside it", false)
	fmt.Printf("| one of two parallel tests forgets a goroutine | accuses %s, %s |\n", <-accused, <-accused)
	close(end)
}

// What a check costs where nothing leaks, among goroutines that were there before.
func among(live int) {
	end := make(chan struct{})
	defer close(end)
	var started sync.WaitGroup
	started.Add(live)
	for i := 0; i < live; i++ {
		go func() {
			started.Done()
			<-end
		}()
	}
	started.Wait()
	current := goleak.IgnoreCurrent()
	result := testing.Benchmark(func(b *testing.B) {
		for i := 0; i < b.N; i++ {
			if err := goleak.Find(current); err != nil {
				panic(err)
			}
		}
	})
	fmt.Printf("| a check among %d goroutines | %d us |\n", live, result.NsPerOp()/1000)
}
