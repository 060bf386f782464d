// Package storetest says what a store owes, as tests that every driver runs:
// each rule by itself ([Run]), the whole of them against a model in memory, and
// the figures that a driver is measured by ([Benchmark]).
package storetest
