/// Tests of what stands around the code: the launcher, the units and the sample settings.
@org.jspecify.annotations.NullMarked
package minewatch.packaging;
