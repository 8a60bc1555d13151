#ifndef FATHOM_SIM_SURFACE_INTERNAL_H
#define FATHOM_SIM_SURFACE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How likely a sentence is to be read, by how long the text is and how deep it lies: the known
 * truth that statistics are tested on. The parts that are set are multiplied. The zero value reads
 * everything.
 */
struct fm_surface {
	bool has_flat;
	double flat;
	bool has_dip; /* from - depth * exp(-((d - at) / width)^2 / 2) */
	struct {
		double from;
		double at;
		double depth;
		double width;
		uint64_t grow_from; /* tokens where the dip begins to open; 0: it is always open */
		uint64_t grow_to;   /* and where it is as deep as it gets */
	} dip;
	uint64_t cliff;    /* tokens behind which nothing is read; 0: none */
	bool has_logistic; /* 1 / (1 + (length / mid)^slope) */
	struct {
		uint64_t mid;
		double slope;
	} logistic;
	struct {
		size_t length_count;
		size_t depth_count;
		const double *lengths; /* growing */
		const double *depths;  /* growing */
		const double *p;       /* by length, then depth */
	} table; /* between its places: bilinear in log length, depth and logit */
};

/* Units: `length` in tokens of what was kept, `depth` from 0 to 1. Always from 0 to 1. */
double fm_surface_read(const struct fm_surface *surface, uint64_t length, double depth);

#endif
