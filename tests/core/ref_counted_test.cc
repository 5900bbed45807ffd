// Reference counting.
#include "core/ref_counted.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

class Counted : public RefCounted<Counted> {
 public:
  explicit Counted(int* deaths) : RefCounted("test references"), deaths_(deaths) {}
  virtual ~Counted() { ++*deaths_; }

 private:
  int* deaths_;
};

class Special final : public Counted {
 public:
  using Counted::Counted;
};

// Like those that go to a list instead of being deleted at once.
class Lingering final : public RefCounted<Lingering> {
 public:
  explicit Lingering(int* last_references)
      : RefCounted("test references"), last_references_(last_references) {}
  void OnLastReference() { ++*last_references_; }

 private:
  int* last_references_;
};

TEST(RefCounted, DiesWithItsLastReference) {
  RunAlone([](User&) {
    int deaths = 0;
    RefPtr<Counted> first = AdoptRef(TryNew<Counted>("test", &deaths));
    RefPtr<Counted> second = first;
    RefPtr<Counted> third(first.get());
    EXPECT_EQ(second.get(), first.get());
    first = nullptr;
    second = nullptr;
    EXPECT_EQ(deaths, 0);
    third = nullptr;
    EXPECT_EQ(deaths, 1);
  });
}

TEST(RefCounted, MovingAReferenceMakesNone) {
  RunAlone([](User&) {
    int deaths = 0;
    RefPtr<Special> special = AdoptRef(TryNew<Special>("test", &deaths));
    RefPtr<Counted> counted = std::move(special);
    EXPECT_FALSE(special);
    EXPECT_TRUE(counted);
    RefPtr<Counted> moved = std::move(counted);
    EXPECT_EQ(deaths, 0);
    moved = nullptr;
    EXPECT_EQ(deaths, 1);
  });
}

TEST(RefCounted, AssigningOverAReferenceDropsIt) {
  RunAlone([](User&) {
    int deaths = 0;
    RefPtr<Counted> first = AdoptRef(TryNew<Counted>("test", &deaths));
    const RefPtr<Counted> second = AdoptRef(TryNew<Counted>("test", &deaths));
    first = second;
    EXPECT_EQ(deaths, 1);
    first = RefPtr<Counted>(first);
    EXPECT_EQ(deaths, 1);
    EXPECT_EQ(first.get(), second.get());
  });
}

TEST(RefCounted, AReferenceCanBeGivenAwayAndAdopted) {
  RunAlone([](User&) {
    int deaths = 0;
    RefPtr<Counted> first = AdoptRef(TryNew<Counted>("test", &deaths));
    Counted* counted = first.Leak();
    EXPECT_FALSE(first);
    EXPECT_EQ(deaths, 0);
    AdoptRef(counted);
    EXPECT_EQ(deaths, 1);
  });
}

TEST(RefCounted, NullIsNoReference) {
  RunAlone([](User&) {
    const RefPtr<Counted> null = nullptr;
    EXPECT_FALSE(null);
    EXPECT_EQ(null.get(), nullptr);
    EXPECT_FALSE(RefPtr<Counted>(null));
    EXPECT_FALSE(AdoptRef<Counted>(nullptr));
  });
}

TEST(RefCounted, AClassMaySayHowItGoes) {
  RunAlone([](User&) {
    int last_references = 0;
    Lingering* object = TryNew<Lingering>("test", &last_references);
    AdoptRef(object);
    EXPECT_EQ(last_references, 1);
    delete object;
  });
}

}  // namespace
}  // namespace core
