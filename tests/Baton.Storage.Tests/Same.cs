using System.Collections;

namespace Baton.Storage.Tests;

static class Same
{
    /// <summary>Equal in every public property, all the way down; which list type holds the items is of no interest.</summary>
    public static void ShouldBeSameAs(this object? actual, object? expected, string path = "it")
    {
        if (expected is null || actual is null || expected is string || expected is IComparable || expected.GetType().IsPrimitive)
        {
            actual.ShouldBe(expected, path);
        }
        else if (expected is IEnumerable items)
        {
            var (theirs, ours) = (((IEnumerable)actual).Cast<object?>().ToList(), items.Cast<object?>().ToList());
            theirs.Count.ShouldBe(ours.Count, path);
            for (var i = 0; i < ours.Count; i++) theirs[i].ShouldBeSameAs(ours[i], $"{path}[{i}]");
        }
        else
        {
            actual.GetType().ShouldBe(expected.GetType(), path);
            foreach (var property in expected.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0))
                property.GetValue(actual).ShouldBeSameAs(property.GetValue(expected), $"{path}.{property.Name}");
        }
    }
}
